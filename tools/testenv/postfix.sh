#!/usr/bin/env bash
# postfix.sh COMMAND… runs a command beside a Postfix of its own: its queue, its
# configuration and the mail that it delivers in a temporary folder, on a free port
# of 127.0.0.1, with a certificate of its own, thrown away afterwards. It takes
# letters to anybody at reader.test and sends nothing anywhere. Its master starts as
# root, as it must; what answers runs as postfix, what delivers as nobody.
# The command learns from its environment:
#   DATELINE_TEST_SMTP      127.0.0.1:PORT
#   DATELINE_TEST_SMTP_CA   file of the certificate that its TLS shows
#   DATELINE_TEST_MAILDIR   folder of the letters that arrived, in new/
# Where there is no Postfix, or nobody who may start one, it runs the command alone.
set -euo pipefail
[ $# -gt 0 ] || { echo "usage: postfix.sh COMMAND…" >&2; exit 2; }
PATH="$PATH:/usr/sbin:/sbin"
root=()
if [ "$(id -u)" != 0 ]; then
	sudo -n true 2>/dev/null || exec "$@"
	root=(sudo -n)
fi
if [ -n "${DATELINE_TEST_SMTP:-}" ] || ! command -v postfix >/dev/null || ! command -v openssl >/dev/null; then exec "$@"; fi

dir="$(mktemp -d /tmp/dateline-mail.XXXXXX)"
chmod 755 "$dir"
started=
stop() {
	trap - EXIT
	[ -z "$started" ] || "${root[@]}" postfix -c "$dir/etc" stop >/dev/null 2>&1 || true
	"${root[@]}" rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

mkdir "$dir/etc" "$dir/mail" "$dir/queue" "$dir/data"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=127.0.0.1" -addext "subjectAltName=IP:127.0.0.1" \
	-keyout "$dir/etc/key.pem" -out "$dir/cert.pem" >/dev/null 2>&1
chmod 600 "$dir/etc/key.pem"
"${root[@]}" chown -R nobody "$dir/mail"
"${root[@]}" chown postfix "$dir/data"
"${root[@]}" chown root "$dir/queue"

port=
for _ in 1 2 3 4 5 6 7 8; do
	try=$((20000 + RANDOM % 12000))
	(exec 3<>"/dev/tcp/127.0.0.1/$try") 2>/dev/null && continue
	cat >"$dir/etc/main.cf" <<CONF
compatibility_level = 3.6
queue_directory = $dir/queue
data_directory = $dir/data
mail_owner = postfix
setgid_group = postdrop
maillog_file = $dir/log
maillog_file_prefixes = $dir
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.reader.test
mydestination =
mynetworks =
relayhost =
default_transport = error:nothing leaves this server
smtpd_relay_restrictions = reject_unauth_destination
local_recipient_maps =
alias_maps =
virtual_mailbox_domains = reader.test
virtual_mailbox_maps = static:inbox/
virtual_mailbox_base = $dir/mail
virtual_minimum_uid = 1
virtual_uid_maps = static:$(id -u nobody)
virtual_gid_maps = static:$(id -g nobody)
smtpd_recipient_restrictions = check_recipient_access inline:{nobody@reader.test=REJECT}
smtpd_tls_security_level = may
smtpd_tls_cert_file = $dir/cert.pem
smtpd_tls_key_file = $dir/etc/key.pem
CONF
	cat >"$dir/etc/master.cf" <<CONF
127.0.0.1:$try inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
CONF
	if "${root[@]}" postfix -c "$dir/etc" start >"$dir/start" 2>&1; then
		started=1
		for _ in $(seq 50); do
			(exec 3<>"/dev/tcp/127.0.0.1/$try") 2>/dev/null && port=$try && break
			sleep 0.1
		done
		[ -z "$port" ] || break
		"${root[@]}" postfix -c "$dir/etc" stop >/dev/null 2>&1 || true
		started=
	fi
done
if [ -z "$port" ]; then
	cat "$dir/start" >&2
	"${root[@]}" cat "$dir/log" >&2 || true
	echo "Postfix did not start" >&2
	exit 1
fi

export DATELINE_TEST_SMTP="127.0.0.1:$port" DATELINE_TEST_SMTP_CA="$dir/cert.pem" DATELINE_TEST_MAILDIR="$dir/mail/inbox"
status=0
"$@" || status=$?
exit "$status"
