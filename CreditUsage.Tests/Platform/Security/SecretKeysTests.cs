using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using CreditUsage.Domain.People;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Commands;
using CreditUsage.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Platform.Security;

[Trait(TestDatabase.Engine, TestDatabase.Sqlite)]
public sealed class SecretKeysTests
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task The_keys_have_a_folder_of_their_own_that_nobody_else_reads()
    {
        using var secrets = new SecretsSite();
        if (OperatingSystem.IsWindows()) return;
        Directory.CreateDirectory(secrets.KeyFolder, Owner | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        await using var site = secrets.Start();
        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(secrets.KeyFolder));
        foreach (var key in Directory.GetFiles(secrets.KeyFolder)) Assert.Equal(Owner, File.GetUnixFileMode(key));
        Assert.NotEmpty(secrets.MasterKeys);
    }

    [Fact]
    public async Task A_setting_names_another_folder()
    {
        using var secrets = new SecretsSite();
        var elsewhere = Path.Combine(Path.GetDirectoryName(secrets.Database)!, "elsewhere");
        await using var site = secrets.Start(("CreditUsage:Keys:Path", elsewhere));
        Assert.NotEmpty(Directory.GetFiles(elsewhere, "key-*.xml"));
        Assert.False(Directory.Exists(secrets.KeyFolder));
    }

    [Fact]
    public async Task An_earlier_installation_moves_over_at_its_start_and_its_sessions_end_in_words()
    {
        using var secrets = new SecretsSite();
        await using (var former = secrets.Start()) await secrets.FillAsync(former);
        var voided = secrets.MasterKeys;
        secrets.MakeFormer();
        await using var site = secrets.Start();
        site.Clock.Advance(TimeSpan.FromMinutes(1));

        var cookie = $"{SecuritySetup.SignInCookieName}={secrets.SessionCookie}";
        Assert.Equal(HttpStatusCode.Redirect, (await SecretsSite.AskAsync(site, "/usage-report", cookie)).Status);
        Assert.Contains("Your session has ended. Sign in again.", (await SecretsSite.AskAsync(site, Visitor.LoginPath, cookie)).Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, await SecretsSite.SignInAsync(site, SecretsSite.SecondStep, secrets.Phone.CodeAt(site.Clock.GetUtcNow())));
        Assert.Equal(HttpStatusCode.Redirect, await SecretsSite.SignInAsync(site, SecretsSite.RecoveryCode, secrets.Codes[2]));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await SecretsSite.SignInAsync(site, SecretsSite.RecoveryCode, secrets.Codes[2]));
        // Every copy of before has the old keys, so they must not count any more.
        Assert.Empty(voided.Intersect(secrets.MasterKeys));
        Assert.DoesNotContain(voided, secrets.Holds);
    }

    [Fact]
    public async Task A_restart_keeps_the_sessions()
    {
        using var secrets = new SecretsSite();
        await using (var first = secrets.Start()) await secrets.FillAsync(first);
        await using var site = secrets.Start();
        Assert.Equal(HttpStatusCode.OK, (await SecretsSite.AskAsync(site, "/usage-report", $"{SecuritySetup.SignInCookieName}={secrets.SessionCookie}")).Status);
    }

    [Fact]
    public async Task Nodes_with_the_same_certificate_share_the_keys_and_what_the_folder_sealed_goes_with_them()
    {
        using var secrets = new SecretsSite();
        await using (var folder = secrets.Start()) await secrets.FillAsync(folder);
        var inFolder = secrets.MasterKeys;
        var certificate = Certificate(secrets, "a password");
        await using var one = secrets.Start(certificate);
        await using var two = Node(secrets, certificate);
        one.Clock.Advance(TimeSpan.FromMinutes(1));
        using var visitor = await Visitor.SignedInAsync(one, SecretsSite.Administrator);
        var session = visitor.Cookies.GetAllCookies().Single(cookie => cookie.Name == SecuritySetup.SignInCookieName);

        Assert.Equal(HttpStatusCode.OK, (await SecretsSite.AskAsync(two, "/usage-report", $"{session.Name}={session.Value}")).Status);
        Assert.Equal(HttpStatusCode.Redirect, await SecretsSite.SignInAsync(one, SecretsSite.SecondStep, secrets.Phone.CodeAt(one.Clock.GetUtcNow())));
        Assert.Equal((true, false), (secrets.Holds("encryptedSecret"), secrets.Holds("masterKey")));
        Assert.Empty(Directory.GetFiles(secrets.KeyFolder, "*.xml"));
        Assert.DoesNotContain(inFolder, secrets.Holds);
    }

    [Fact]
    public async Task A_key_in_the_database_is_sealed_with_OAEP_and_GCM_and_works_with_AES_256_GCM()
    {
        using var secrets = new SecretsSite();
        await using (var folder = secrets.Start()) Protect(folder, "something");
        Assert.Equal("AES_256_GCM", XElement.Load(Assert.Single(Directory.GetFiles(secrets.KeyFolder, "key-*.xml"))).Descendants("encryption").Single().Attribute("algorithm")?.Value);

        var certificate = Certificate(secrets, "a password");
        string text;
        await using (var first = secrets.Start(certificate)) text = Protect(first, "something");
        var key = XElement.Parse(Assert.Single(StoredKeys(secrets)));
        Assert.Equal("AES_256_GCM", key.Descendants("encryption").Single().Attribute("algorithm")?.Value);
        var encrypted = Assert.Single(key.Descendants(), element => element.Name.LocalName == "encryptedSecret");
        Assert.StartsWith("CreditUsage.Platform.Security.", encrypted.Attribute("decryptorType")?.Value, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Descendants(), element => element.Name.LocalName is "EncryptedData" or "EncryptionMethod");
        await using var second = secrets.Start(certificate);
        Assert.Equal("something", Unprotect(second, text));
    }

    [Fact]
    public async Task A_sealed_key_that_was_changed_opens_nothing()
    {
        using var secrets = new SecretsSite();
        var certificate = Certificate(secrets, "a password");
        string text;
        await using (var first = secrets.Start(certificate)) text = Protect(first, "something");
        var content = XElement.Parse(Assert.Single(StoredKeys(secrets))).Descendants("content").Single().Value;
        Run(secrets, "UPDATE DataProtectionKeys SET Xml = replace(Xml, $a, $b)", content, (content[0] == 'A' ? 'B' : 'A') + content[1..]);
        await using var second = secrets.Start(certificate);
        Assert.ThrowsAny<CryptographicException>(() => Unprotect(second, text));
    }

    [Fact]
    public async Task What_the_framework_encrypted_before_is_still_read()
    {
        using var secrets = new SecretsSite();
        var certificate = Certificate(secrets, "a password");
        await using (secrets.Start(certificate)) Assert.DoesNotContain(StoredKeys(secrets), key => key.Contains("EncryptedData", StringComparison.Ordinal));
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(secrets.Database)!, "former"));
        using var opened = X509CertificateLoader.LoadPkcs12FromFile(certificate[0].Value, certificate[1].Value);
        var text = DataProtectionProvider.Create(folder, former => former.SetApplicationName("CreditUsage"), opened).CreateProtector("test").Protect("something");
        var xml = File.ReadAllText(Assert.Single(folder.GetFiles()).FullName);
        Assert.Contains("rsa-1_5", xml, StringComparison.Ordinal);
        Assert.Contains("aes256-cbc", xml, StringComparison.Ordinal);
        Assert.Contains("AES_256_CBC", xml, StringComparison.Ordinal);
        Run(secrets, "INSERT INTO DataProtectionKeys (FriendlyName, Xml) VALUES ($a, $b)", "former", xml);
        await using var site = secrets.Start(certificate);
        Assert.Equal("something", Unprotect(site, text));
    }

    [Fact]
    public async Task A_certificate_with_a_short_key_is_refused_in_words()
    {
        using var secrets = new SecretsSite();
        using var program = new SiteProgram();
        await RefusedAsync(program, "has an RSA key of 2048 bits, which is too short", [.. Certificate(secrets, "a password", 2048).Select(setting => $"--{setting.Key}={setting.Value}")]);
    }

    [Fact]
    public async Task A_recovery_code_that_was_hashed_with_SHA_256_is_still_redeemed_and_new_ones_are_with_SHA_512()
    {
        const string code = "AAAAA-BBBBB";
        using var secrets = new SecretsSite();
        await using var site = secrets.Start();
        await secrets.FillAsync(site);
        Assert.True(secrets.Holds("sha512:1$"));
        var salt = RandomNumberGenerator.GetBytes(16);
        Run(secrets, "UPDATE AspNetUserTokens SET Value = $a WHERE Name = $b", $"1000${Convert.ToBase64String(salt)}${Convert.ToBase64String(Rfc2898DeriveBytes.Pbkdf2(code, salt, 1000, HashAlgorithmName.SHA256, 32))}", "RecoveryCodes");
        Assert.Equal((false, true, false), (await RedeemAsync(site, secrets.Codes[0]), await RedeemAsync(site, code), await RedeemAsync(site, code)));
    }

    [Fact]
    public async Task Without_its_certificate_or_the_password_the_site_says_what_is_missing()
    {
        using var secrets = new SecretsSite();
        var certificate = Certificate(secrets, "a password");
        await using (var site = secrets.Start(certificate)) await secrets.FillAsync(site);
        using var program = new SiteProgram();
        var data = $"--CreditUsage:DataPath={Path.GetDirectoryName(secrets.Database)}";
        var path = $"--{certificate[0].Key}={certificate[0].Value}";

        await RefusedAsync(program, "Name it in CreditUsage__Keys__CertificatePath", data);
        await RefusedAsync(program, "CreditUsage__Keys__CertificatePassword", data, path, "--CreditUsage:Keys:CertificatePassword=another");
        await RefusedAsync(program, "CreditUsage__Keys__CertificatePath cannot be opened", data, path + ".none");
    }

    [Fact]
    public async Task A_recovery_code_is_redeemed_once_however_many_ask_at_once()
    {
        using var secrets = new SecretsSite();
        await using var site = secrets.Start();
        await secrets.FillAsync(site);
        var same = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => RedeemAsync(site, secrets.Codes[0])));
        var different = await Task.WhenAll(secrets.Codes.Skip(1).Take(4).Select(code => RedeemAsync(site, code)));
        Assert.Equal((1, 4), (same.Count(taken => taken), different.Count(taken => taken)));
        Assert.False(await RedeemAsync(site, "AAAAA-BBBBB"));
        await using var scope = site.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        Assert.Equal(5, await users.CountRecoveryCodesAsync((await users.FindByEmailAsync(SecretsSite.Email))!));
    }

    private static async Task<bool> RedeemAsync(Site site, string code)
    {
        await using var scope = site.Services.CreateAsyncScope();
        var store = (IUserTwoFactorRecoveryCodeStore<AppUser>)scope.ServiceProvider.GetRequiredService<IUserStore<AppUser>>();
        var user = await scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>().FindByEmailAsync(SecretsSite.Email);
        return await store.RedeemCodeAsync(user!, code, CancellationToken.None);
    }

    private static async Task RefusedAsync(SiteProgram program, string words, params string[] settings)
    {
        var (exitCode, _, errors) = await program.RunAsync(["migrate", .. settings]);
        Assert.Equal(1, exitCode);
        Assert.Contains(words, Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    /// <summary>With a data folder of its own and the same database.</summary>
    private static Site Node(SecretsSite secrets, (string Key, string Value)[] certificate)
    {
        var site = new Site().With("ConnectionStrings:CreditUsage", $"Data Source={secrets.Database}");
        foreach (var (key, value) in certificate) site.With(key, value);
        site.UseKestrel(0);
        site.StartServer();
        return site;
    }

    private static string Protect(Site site, string text) => site.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect(text);

    private static string Unprotect(Site site, string text) => site.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(text);

    private static List<string> StoredKeys(SecretsSite secrets)
    {
        using var database = new SqliteConnection($"Data Source={secrets.Database};Pooling=False");
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText = "SELECT Xml FROM DataProtectionKeys";
        using var reader = command.ExecuteReader();
        var keys = new List<string>();
        while (reader.Read()) keys.Add(reader.GetString(0));
        return keys;
    }

    private static void Run(SecretsSite secrets, string sql, string a, string b)
    {
        using var database = new SqliteConnection($"Data Source={secrets.Database};Pooling=False");
        database.Open();
        SecretsSite.Run(database, sql, a, b);
    }

    private static (string Key, string Value)[] Certificate(SecretsSite secrets, string password, int bits = 3072)
    {
        using var key = RSA.Create(bits);
        using var certificate = new CertificateRequest("CN=CreditUsage", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddYears(1));
        var path = Path.Combine(Path.GetDirectoryName(secrets.Database)!, "keys.pfx");
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, password));
        return [("CreditUsage:Keys:CertificatePath", path), ("CreditUsage:Keys:CertificatePassword", password)];
    }
}
