# What every stand-in begins with: Debian, and the certificates that this machine trusts, so that a build in it reaches what this machine reaches.
FROM millrace-stand-in/debian
COPY . /usr/local/share/ca-certificates/
RUN update-ca-certificates
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt PIP_CERT=/etc/ssl/certs/ca-certificates.crt
