# Runs a command with all file systems read-only but an empty /tmp, and without privileges. The namespaces are new ones.
#   apart.sh nobody|same INSTALLATION COMMAND [ARGUMENT ...]
# INSTALLATION is the folder of the command's program, which becomes /tmp/run. A user who is root becomes nobody.
set -e
user=$1 installation=$2
shift 2
mount --make-rprivate /
mount -t proc proc /proc
cut -d' ' -f5 /proc/self/mountinfo | sort -u | while read -r place; do
  case "$place" in /proc | /proc/* | /sys | /sys/* | /dev | /dev/*) continue ;; esac
  mount -o remount,bind,ro "$place"
done
cd "$installation"
mount -t tmpfs -o size=64m,mode=1777 tmpfs /tmp
mkdir /tmp/run
mount --bind . /tmp/run
mount -o remount,bind,ro /tmp/run
mkdir -m 777 /tmp/work
cd /tmp/work
if [ "$user" = nobody ]; then
  exec setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@"
fi
exec setpriv --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@"
