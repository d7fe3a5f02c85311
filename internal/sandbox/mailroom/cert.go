package mailroom

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

const (
	certFile     = "cert.pem"
	keyFile      = "key.pem"
	certLifetime = 10 * 365 * 24 * time.Hour
	certRenewal  = 30 * 24 * time.Hour
)

type certificate struct {
	pair tls.Certificate
	pem  []byte
}

// loadCertificate returns the certificate kept in dir, or makes one (and keeps
// it there) if there is none that will still be valid for a while.
func loadCertificate(dir string, now time.Time) (certificate, error) {
	if dir != "" {
		certPEM, certErr := os.ReadFile(filepath.Join(dir, certFile))
		keyPEM, keyErr := os.ReadFile(filepath.Join(dir, keyFile))
		if certErr == nil && keyErr == nil {
			pair, err := tls.X509KeyPair(certPEM, keyPEM)
			if err == nil && now.Add(certRenewal).Before(pair.Leaf.NotAfter) {
				return certificate{pair: pair, pem: certPEM}, nil
			}
		}
	}
	certPEM, keyPEM, err := makeCertificate(now)
	if err != nil {
		return certificate{}, err
	}
	if err := keepCertificate(dir, certPEM, keyPEM); err != nil {
		return certificate{}, err
	}
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	return certificate{pair: pair, pem: certPEM}, err
}

func keepCertificate(dir string, certPEM, keyPEM []byte) error {
	if dir == "" {
		return nil
	}
	if err := writeFile(filepath.Join(dir, keyFile), keyPEM); err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, certFile), certPEM)
}

func makeCertificate(now time.Time) (certPEM, keyPEM []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, nil, err
	}
	template := x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: "localhost", Organization: []string{"Sandbox mailroom"}},
		NotBefore:             now.Add(-time.Hour),
		NotAfter:              now.Add(certLifetime),
		KeyUsage:              x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		IsCA:                  true,
		DNSNames:              []string{"localhost"},
		IPAddresses:           []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	if err != nil {
		return nil, nil, err
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	certPEM = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	keyPEM = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})
	return certPEM, keyPEM, nil
}
