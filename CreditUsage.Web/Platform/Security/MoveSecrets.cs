using CreditUsage.Data;
using CreditUsage.Data.Engines;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform.Security;

/// <summary>Takes what a copy of the database would give away out of one that an earlier version made. Does nothing where there is nothing.</summary>
public sealed class MoveSecrets(CreditUsageDb db, IDataProtectionProvider protection, IOptions<CreditUsageOptions> options, IOptions<PasswordHasherOptions> hashing, ILogger<MoveSecrets> log)
{
    /// <summary>The element with a key's secret, and what an encryptor puts in its place.</summary>
    private const string Clear = "masterKey", Encrypted = "encryptedSecret";

    /// <exception cref="UserFacingException">The keys are encrypted by a certificate that the settings do not name.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var moved = await VoidKeysAsync(cancellation);
        moved |= await SealAuthenticatorKeysAsync(cancellation);
        moved |= await HashRecoveryCodesAsync(cancellation);
        if (moved && await EraseAsync(cancellation)) await db.DataProtectionKeys.Where(key => key.Xml == null).ExecuteDeleteAsync(cancellation);
        await TakeOverFolderAsync(cancellation);
    }

    private bool HasCertificate => options.Value.Keys.CertificatePath is { Length: > 0 };

    /// <summary>Keys that lay in clear are in every copy that was made of the database: they are not taken along, and all sign in again.</summary>
    private async Task<bool> VoidKeysAsync(CancellationToken cancellation)
    {
        var keys = await db.DataProtectionKeys.AsNoTracking().ToListAsync(cancellation);
        if (!HasCertificate && keys.Exists(key => Has(key, Encrypted)))
            throw new UserFacingException("The keys in the database are encrypted by a certificate. Name it in CreditUsage__Keys__CertificatePath.");
        var clear = keys.Where(key => key.Xml is null || Has(key, Clear)).Select(key => key.Id).ToList();
        if (clear.Count == 0) return false;
        // Their rows go when nothing of them is left in the file, so that the next start tries again.
        await db.DataProtectionKeys.Where(key => clear.Contains(key.Id)).ExecuteUpdateAsync(set => set.SetProperty(key => key.Xml, (string?)null), cancellation);
        log.LogWarning("Keys that lay in clear in the database were replaced by new ones: everybody signs in again. Whoever may have a copy of the database from before knows authenticator keys: reset two-factor sign-in then");
        return true;
    }

    private static bool Has(DataProtectionKey key, string element) => key.Xml?.Contains(element, StringComparison.Ordinal) == true;

    private async Task<bool> SealAuthenticatorKeysAsync(CancellationToken cancellation)
    {
        var plain = (await RowsAsync(AppUserStore.AuthenticatorKeyRow, cancellation)).FindAll(row => !StoredKey.IsSealed(row.Value!));
        foreach (var row in plain) row.Value = StoredKey.Seal(protection, row.UserId, row.Value!);
        return await db.SaveChangesAsync(cancellation) > 0;
    }

    private async Task<bool> HashRecoveryCodesAsync(CancellationToken cancellation)
    {
        var plain = (await RowsAsync(AppUserStore.RecoveryCodesRow, cancellation)).FindAll(row => !StoredCodes.AreHashed(row.Value!));
        foreach (var row in plain) row.Value = StoredCodes.Hashed(row.Value!, hashing.Value.IterationCount);
        return await db.SaveChangesAsync(cancellation) > 0;
    }

    /// <summary>Once a certificate is named, the keys of the folder go: what they sealed is sealed anew.</summary>
    private async Task TakeOverFolderAsync(CancellationToken cancellation)
    {
        if (!HasCertificate || SecretKeys.InFolder(options.Value) is not { } former) return;
        foreach (var row in await RowsAsync(AppUserStore.AuthenticatorKeyRow, cancellation))
            if (StoredKey.Open(former, row.UserId, row.Value!) is { } key) row.Value = StoredKey.Seal(protection, row.UserId, key);
        await db.SaveChangesAsync(cancellation);
        foreach (var file in Directory.GetFiles(options.Value.KeyFolder, "*.xml")) File.Delete(file);
    }

    private async Task<bool> EraseAsync(CancellationToken cancellation)
    {
        try
        {
            await db.EraseDeletedAsync(cancellation);
            return true;
        }
        catch (Exception problem) when (DatabaseFailure.IsUnavailable(problem))
        {
            log.LogError(problem, "Secrets were taken out of the database, and traces may be left in its file: another program has it open, or the disk is full. The next start tries again");
            return false;
        }
    }

    private Task<List<IdentityUserToken<string>>> RowsAsync(string name, CancellationToken cancellation) =>
        db.UserTokens.Where(row => row.LoginProvider == AppUserStore.InternalProvider && row.Name == name && row.Value != null && row.Value != "").ToListAsync(cancellation);
}
