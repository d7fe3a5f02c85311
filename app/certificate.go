package app

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// certificateLife is how long a self-made certificate lasts. People compare
// its fingerprint once, so that it should not change on them.
const certificateLife = 10 * 365 * 24 * time.Hour

// ownCertificate is the desk's self-made certificate, made at the first start
// (ruling 26) and kept in its data folder.
func ownCertificate(dir, address string) (tls.Certificate, error) {
	certFile, keyFile := filepath.Join(dir, "tls-cert.pem"), filepath.Join(dir, "tls-key.pem")
	if cert, err := tls.LoadX509KeyPair(certFile, keyFile); err == nil && time.Now().Before(cert.Leaf.NotAfter) {
		return cert, nil
	}
	cert, key, err := makeCertificate(address)
	if err != nil {
		return tls.Certificate{}, err
	}
	if err := errors.Join(os.WriteFile(keyFile, key, 0o600), os.WriteFile(certFile, cert, 0o644)); err != nil {
		return tls.Certificate{}, folderTrouble(dir, err)
	}
	return tls.X509KeyPair(cert, key)
}

func makeCertificate(address string) (certPEM, keyPEM []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, nil, err
	}
	t := &x509.Certificate{SerialNumber: serial, Subject: pkix.Name{CommonName: "Aparté"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(certificateLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, DNSNames: []string{"localhost"}, IPAddresses: ownAddresses()}
	host, _, _ := net.SplitHostPort(address) // checked before
	if name, err := os.Hostname(); err == nil {
		t.DNSNames = append(t.DNSNames, name)
	}
	if host != "" && net.ParseIP(host) == nil && host != "localhost" {
		t.DNSNames = append(t.DNSNames, host)
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return nil, nil, err
	}
	pkcs, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs}), nil
}

// ownAddresses are the computer's, as far as it knows them.
func ownAddresses() []net.IP {
	list, _ := net.InterfaceAddrs() // without them, the name alone has to do
	var ips []net.IP
	for _, a := range list {
		if n, ok := a.(*net.IPNet); ok {
			ips = append(ips, n.IP)
		}
	}
	return ips
}
