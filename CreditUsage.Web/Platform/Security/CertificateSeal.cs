using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace CreditUsage.Platform.Security;

/// <summary>
/// Encrypts a key of the site with AES-256-GCM under a random key, and that with RSA-OAEP and SHA-256 for the certificate. The framework's own way is RSA with PKCS #1 v1.5
/// padding around AES-CBC without a check sum; what it encrypted before is still read by it.
/// </summary>
internal sealed class CertificateSeal(X509Certificate2 certificate) : IXmlEncryptor
{
    /// <summary>RSA of this length has the 128 bits of security that all else has (NIST SP 800-57).</summary>
    public const int MinRsaBits = 3072;

    private const int KeyBytes = 32;

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var clear = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var (key, nonce) = (RandomNumberGenerator.GetBytes(KeyBytes), RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize));
        var (sealedBytes, tag) = (new byte[clear.Length], new byte[AesGcm.TagByteSizes.MaxSize]);
        try
        {
            using var aes = new AesGcm(key, tag.Length);
            aes.Encrypt(nonce, clear, sealedBytes, tag);
            using var rsa = certificate.GetRSAPublicKey()!;
            return new(new XElement("sealed", Part("key", rsa.Encrypt(key, RSAEncryptionPadding.OaepSHA256)), Part("nonce", nonce), Part("tag", tag), Part("content", sealedBytes)), typeof(OpenCertificateSeal));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    /// <exception cref="CryptographicException">It was encrypted for another certificate, or has been changed.</exception>
    public XElement Open(XElement encrypted)
    {
        using var rsa = certificate.GetRSAPrivateKey()!;
        var (key, content) = (rsa.Decrypt(Part(encrypted, "key"), RSAEncryptionPadding.OaepSHA256), Part(encrypted, "content"));
        var (tag, clear) = (Part(encrypted, "tag"), new byte[content.Length]);
        try
        {
            using var aes = new AesGcm(key, AesGcm.TagByteSizes.MaxSize);
            aes.Decrypt(Part(encrypted, "nonce"), content, tag, clear);
            return XElement.Parse(Encoding.UTF8.GetString(clear));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    private static XElement Part(string name, byte[] bytes) => new(name, Convert.ToBase64String(bytes));

    private static byte[] Part(XElement encrypted, string name) => Convert.FromBase64String(encrypted.Element(name)!.Value);
}

/// <summary>The framework makes it by the name of its type, which stands in the stored key.</summary>
internal sealed class OpenCertificateSeal(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) => services.GetRequiredService<CertificateSeal>().Open(encryptedElement);
}
