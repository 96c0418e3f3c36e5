#!/bin/sh
# start-container.sh LAYERS IMAGE HOSTNAME UID GID CWD [SOURCE TARGET ro|rw]… -- PROGRAM…
# Becomes the program, in namespaces of its own. The image belongs to all of its actors: changes go to LAYERS/changes.
set -eu
layers=$1 image=$2 hostname=$3 uid=$4 gid=$5 cwd=$6
shift 6
echo "$hostname" >/proc/sys/kernel/hostname
mount --bind "$image" "$layers/image"
cd "$layers"
mount -t overlay overlay -o lowerdir=image,upperdir=changes,workdir=work root
cd /
root=$layers/root
mkdir -p "$root/proc" "$root/dev" "$root/tmp"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom; do
  : >"$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
while [ "$1" != -- ]; do
  if [ -d "$1" ]; then mkdir -p "$root$2"; else mkdir -p "$root${2%/*}" && : >>"$root$2"; fi
  mount --bind "$1" "$root$2"
  [ "$3" = rw ] || mount -o remount,bind,ro "$root$2"
  shift 3
done
shift
exec unshare --root="$root" --wd="$cwd" --setgid="$gid" --setuid="$uid" -- "$@"
