#!/bin/sh
# world.sh ROOT CHANGES HOSTNAME UID GID CWD [SOURCE TARGET ro|rw]… -- PROGRAM…, in namespaces of its own.
# Builds what the bundle describes and becomes the program. What it writes goes to the folder CHANGES over
# ROOT, which belongs to all actors of the image; to memory where CHANGES is empty; to ROOT where it is "/".
set -eu
root=$1 changes=$2 hostname=$3 uid=$4 gid=$5 cwd=$6
shift 6
# The bundle's own search path is for the program.
path=$PATH PATH=/usr/sbin:/usr/bin:/sbin:/bin
echo "$hostname" >/proc/sys/kernel/hostname
mount -t tmpfs tmpfs /mnt
mkdir /mnt/image /mnt/changes /mnt/root
mount --bind "$root" /mnt/image
if [ "$changes" = / ]; then
  mount --bind /mnt/image /mnt/root
else
  [ -z "$changes" ] || mount --bind "$changes" /mnt/changes
  mkdir -p /mnt/changes/upper /mnt/changes/work
  mount -t overlay overlay -o lowerdir=/mnt/image,upperdir=/mnt/changes/upper,workdir=/mnt/changes/work /mnt/root
fi
mkdir -p /mnt/root/proc /mnt/root/dev /mnt/root/tmp
mount -t proc proc /mnt/root/proc
for device in null zero full random urandom; do
  : >"/mnt/root/dev/$device"
  mount --bind "/dev/$device" "/mnt/root/dev/$device"
done
while [ "$1" != -- ]; do
  if [ -d "$1" ]; then mkdir -p "/mnt/root$2"; else mkdir -p "/mnt/root${2%/*}" && : >>"/mnt/root$2"; fi
  mount --bind "$1" "/mnt/root$2"
  [ "$3" = rw ] || mount -o remount,bind,ro "/mnt/root$2"
  shift 3
done
shift
unshare=$(command -v unshare)
export PATH="$path"
exec "$unshare" --root=/mnt/root --wd="$cwd" --setgid="$gid" --setuid="$uid" -- "$@"
