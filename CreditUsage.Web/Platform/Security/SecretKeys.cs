using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CreditUsage.Data;
using CreditUsage.Platform.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace CreditUsage.Platform.Security;

/// <summary>Where the keys lie that sign cookies and encrypt authenticator keys: never in clear beside what they protect.</summary>
public static class SecretKeys
{
    private const string Application = "CreditUsage";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void AddSecretKeys(this IServiceCollection services, CreditUsageOptions options)
    {
        // A key says how it is used, so keys of before still open what they sealed.
        var keys = services.AddDataProtection().SetApplicationName(Application).UseCryptographicAlgorithms(new AuthenticatedEncryptorConfiguration { EncryptionAlgorithm = EncryptionAlgorithm.AES_256_GCM });
        if (Certificate(options.Keys) is { } certificate) ProtectBy(certificate, keys.PersistKeysToDbContext<CreditUsageDb>());
        else keys.PersistKeysToFileSystem(new DirectoryInfo(options.KeyFolder));
        services.AddScoped<MoveSecrets>();
    }

    private static void ProtectBy(X509Certificate2 certificate, IDataProtectionBuilder keys)
    {
        var seal = new CertificateSeal(certificate);
        keys.Services.AddSingleton(seal).Configure<KeyManagementOptions>(management => management.XmlEncryptor = seal);
        keys.UnprotectKeysWithAnyCertificate(certificate);
    }

    /// <summary>Mode 0700, and 0600 for what is in it, also where it was made by hand.</summary>
    internal static void PrepareFolder(CreditUsageOptions options)
    {
        if (options.Keys.CertificatePath is { Length: > 0 }) return;
        var folder = PrivateFolder.Create(options.KeyFolder, "CreditUsage__Keys__Path");
        if (OperatingSystem.IsWindows()) return;
        try
        {
            if (File.GetUnixFileMode(folder) != (OwnerOnly | UnixFileMode.UserExecute)) File.SetUnixFileMode(folder, OwnerOnly | UnixFileMode.UserExecute);
            foreach (var file in Directory.EnumerateFiles(folder)) if (File.GetUnixFileMode(file) != OwnerOnly) File.SetUnixFileMode(file, OwnerOnly);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UserFacingException($"The folder of the keys, {folder}, cannot be closed to others: {problem.Message} Make it belong to the user that the site runs as, or set CreditUsage__Keys__Path to a folder that does.", problem);
        }
    }

    /// <summary>What was sealed before the keys went into the database; null where there is no such folder.</summary>
    internal static IDataProtectionProvider? InFolder(CreditUsageOptions options) => Directory.Exists(options.KeyFolder) && Directory.EnumerateFiles(options.KeyFolder, "*.xml").Any()
        ? DataProtectionProvider.Create(new DirectoryInfo(options.KeyFolder), protection => protection.SetApplicationName(Application).DisableAutomaticKeyGeneration()) : null;

    private static X509Certificate2? Certificate(KeysOptions keys)
    {
        if (string.IsNullOrEmpty(keys.CertificatePath)) return null;
        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(keys.CertificatePath, keys.CertificatePassword);
            using var rsa = certificate.GetRSAPrivateKey();
            if (rsa is null) throw new UserFacingException("The certificate of CreditUsage__Keys__CertificatePath has no RSA key of its own. Make one with RSA, and its key in the same file.");
            return rsa.KeySize >= CertificateSeal.MinRsaBits ? certificate
                : throw new UserFacingException($"The certificate of CreditUsage__Keys__CertificatePath has an RSA key of {rsa.KeySize} bits, which is too short. Make one of {CertificateSeal.MinRsaBits} bits or more.");
        }
        catch (Exception problem) when (problem is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new UserFacingException($"The certificate of CreditUsage__Keys__CertificatePath cannot be opened: {problem.Message} Look at the path, and at CreditUsage__Keys__CertificatePassword.", problem);
        }
    }
}
