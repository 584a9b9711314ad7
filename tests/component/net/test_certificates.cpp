#include "tests/component/net/test_certificates.hpp"

#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <unistd.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace weir::net::test {

namespace {

template <auto Free>
struct freed_by {
    template <class T>
    void operator()(T* object) const {
        Free(object);
    }
};

using owned_key = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using owned_certificate = std::unique_ptr<X509, freed_by<X509_free>>;
using owned_file = std::unique_ptr<std::FILE, freed_by<std::fclose>>;

void check(bool worked, const char* what) {
    if (!worked) throw std::runtime_error(what);
}

owned_key make_key() {
    owned_key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    check(key != nullptr, "key");
    return key;
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    check(extension != nullptr, "extension");
    check(X509_add_ext(certificate, extension, -1) == 1, "add extension");
    X509_EXTENSION_free(extension);
}

/// A certificate without extensions, valid from an hour ago for a day.
owned_certificate make_blank(const std::string& name, EVP_PKEY* key) {
    owned_certificate certificate(X509_new());
    X509_set_version(certificate.get(), X509_VERSION_3);
    const std::unique_ptr<BIGNUM, freed_by<BN_free>> serial(BN_new());
    check(BN_rand(serial.get(), 64, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1, "serial");
    BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate.get()));
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3'600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86'400);
    X509_set_pubkey(certificate.get(), key);
    const auto* const text = reinterpret_cast<const unsigned char*>(name.c_str());
    X509_NAME_add_entry_by_txt(
        X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8, text, -1, -1, 0
    );
    return certificate;
}

owned_file open_file(const std::string& path, const char* mode) {
    owned_file file(std::fopen(path.c_str(), mode));
    check(file != nullptr, path.c_str());
    return file;
}

certificate_files store(const std::string& name, X509* certificate, EVP_PKEY* key) {
    const auto stem = testing::TempDir() + "weir_" + std::to_string(::getpid()) + "_" + name;
    certificate_files files{stem + ".crt", stem + ".key"};
    check(PEM_write_X509(open_file(files.cert, "w").get(), certificate) == 1, "write certificate");
    check(
        PEM_write_PrivateKey(
            open_file(files.key, "w").get(), key, nullptr, nullptr, 0, nullptr, nullptr
        ) == 1,
        "write key"
    );
    return files;
}

}  // namespace

test_authority::test_authority(const std::string& name) {
    const auto key = make_key();
    const auto certificate = make_blank(name, key.get());
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
    add_extension(certificate.get(), certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(certificate.get(), certificate.get(), NID_subject_key_identifier, "hash");
    check(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0, "sign");
    own_ = store(name, certificate.get(), key.get());
}

certificate_files test_authority::issue(
    const std::string& name, const std::string& alternative_names
) const {
    const owned_certificate issuer(
        PEM_read_X509(open_file(own_.cert, "r").get(), nullptr, nullptr, nullptr)
    );
    const owned_key issuer_key(
        PEM_read_PrivateKey(open_file(own_.key, "r").get(), nullptr, nullptr, nullptr)
    );
    check(issuer != nullptr && issuer_key != nullptr, "read authority");
    const auto key = make_key();
    const auto certificate = make_blank(name, key.get());
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer.get()));
    add_extension(certificate.get(), issuer.get(), NID_subject_alt_name, alternative_names);
    check(X509_sign(certificate.get(), issuer_key.get(), EVP_sha256()) > 0, "sign");
    return store(name, certificate.get(), key.get());
}

}  // namespace weir::net::test
