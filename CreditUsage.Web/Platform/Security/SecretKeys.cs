using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CreditUsage.Data;
using CreditUsage.Platform.Storage;
using Microsoft.AspNetCore.DataProtection;

namespace CreditUsage.Platform.Security;

/// <summary>Where the keys lie that sign cookies and encrypt authenticator keys: never in clear beside what they protect.</summary>
public static class SecretKeys
{
    private const string Application = "CreditUsage";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void AddSecretKeys(this IServiceCollection services, CreditUsageOptions options)
    {
        var keys = services.AddDataProtection().SetApplicationName(Application);
        if (Certificate(options.Keys) is { } certificate) keys.PersistKeysToDbContext<CreditUsageDb>().ProtectKeysWithCertificate(certificate);
        else keys.PersistKeysToFileSystem(new DirectoryInfo(options.KeyFolder));
        services.AddScoped<MoveSecrets>();
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
            return rsa is not null ? certificate : throw new UserFacingException("The certificate of CreditUsage__Keys__CertificatePath has no RSA key of its own. Make one with RSA, and its key in the same file.");
        }
        catch (Exception problem) when (problem is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new UserFacingException($"The certificate of CreditUsage__Keys__CertificatePath cannot be opened: {problem.Message} Look at the path, and at CreditUsage__Keys__CertificatePassword.", problem);
        }
    }
}
