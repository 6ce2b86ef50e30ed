using System.Globalization;
using System.Net;
using System.Text;
using CreditUsage.Platform.Security;
using CreditUsage.Tests.Features.Users;
using CreditUsage.Tests.Support;
using Microsoft.Data.Sqlite;

namespace CreditUsage.Tests.Platform.Security;

/// <summary>A data folder that outlives its sites, with a user who has everything that could be stolen. It can be turned into one of an earlier version.</summary>
internal sealed class SecretsSite : IDisposable
{
    public const string Email = "finance@clinic.example";
    public const string Administrator = "administrator@clinic.example";
    public const string SecondStep = "/Identity/Account/SecondStep";
    public const string RecoveryCode = "/Identity/Account/RecoveryCode";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("creditusage-secrets-");

    public string Database => Path.Combine(_folder.FullName, "creditusage.db");

    public string KeyFolder => Path.Combine(_folder.FullName, "keys");

    public Phone Phone { get; private set; } = null!;

    public IReadOnlyList<string> Codes { get; private set; } = [];

    /// <summary>The token of an invitation and the key of a session.</summary>
    public string InvitationCode { get; private set; } = "";

    public string SessionCookie { get; private set; } = "";

    /// <summary>The secret part of each key of the folder.</summary>
    public IReadOnlyList<string> MasterKeys => [.. Directory.GetFiles(KeyFolder, "key-*.xml").Select(file => System.Xml.Linq.XElement.Load(file).Descendants("value").Single().Value)];

    public Site Start(params (string Key, string Value)[] settings)
    {
        var site = new Site().With("CreditUsage:DataPath", _folder.FullName);
        foreach (var (key, value) in settings) site.With(key, value);
        site.UseKestrel(0);
        site.StartServer();
        return site;
    }

    /// <summary>Two-factor sign-in with its codes, a session, and an invitation that waits.</summary>
    public async Task FillAsync(Site site)
    {
        var clinic = await site.SubscriptionAsync("Clinic", new DateOnly(2026, 1, 1));
        Assert.Empty(await site.UserAsync(clinic, Email, Roles.FinanceAdministrator));
        Assert.Empty(await site.UserAsync(clinic, Administrator, Roles.Administrator));
        using var visitor = await Visitor.SignedInAsync(site, Email);
        (Phone, var page) = await UsersSite.SetUpTwoFactorAsync(visitor, site.Clock);
        Codes = [.. page.QuerySelectorAll(".recovery-codes code").Select(code => code.TextContent)];
        SessionCookie = visitor.Cookies.GetAllCookies().Single(cookie => cookie.Name == SecuritySetup.SignInCookieName).Value;
        using var administrator = await Visitor.SignedInAsync(site, Administrator);
        InvitationCode = (await Clinic.InviteAsync(administrator, "new@clinic.example")).Split('=')[1];
    }

    /// <summary>Whether a text stands in the database's files as they are now.</summary>
    public bool Holds(string text) => LiveFiles.In(_folder.FullName, "*.db*").Any(file => file.Bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    /// <summary>As the version before left it: keys, authenticator keys and recovery codes in clear.</summary>
    public void MakeFormer()
    {
        using var database = new SqliteConnection($"Data Source={Database};Pooling=False");
        database.Open();
        foreach (var file in Directory.GetFiles(KeyFolder)) Run(database, "INSERT INTO DataProtectionKeys (FriendlyName, Xml) VALUES ($a, $b)", Path.GetFileNameWithoutExtension(file), File.ReadAllText(file));
        Run(database, "UPDATE AspNetUserTokens SET Value = $a WHERE Name = $b", Phone.Key, "AuthenticatorKey");
        Run(database, "UPDATE AspNetUserTokens SET Value = $a WHERE Name = $b", string.Join(';', Codes), "RecoveryCodes");
        Directory.Delete(KeyFolder, recursive: true);
    }

    /// <summary>Password, then a code.</summary>
    public static async Task<HttpStatusCode> SignInAsync(Site site, string page, string code)
    {
        using var visitor = new Visitor(site);
        using var password = await visitor.SignInAsync(Email, Site.Password);
        Assert.Equal(HttpStatusCode.Redirect, password.StatusCode);
        using var answer = await visitor.PostAsync(page, page, new Dictionary<string, string> { ["Code"] = code });
        return answer.StatusCode;
    }

    /// <summary>With a cookie and nothing else.</summary>
    public static async Task<(HttpStatusCode Status, string Page)> AskAsync(Site site, string path, string cookie)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = site.ClientOptions.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", cookie);
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    internal static void Run(SqliteConnection database, string sql, string a, string b)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$a", a);
        command.Parameters.AddWithValue("$b", b);
        Assert.True(command.ExecuteNonQuery() > 0, string.Create(CultureInfo.InvariantCulture, $"{sql}: nothing was written"));
    }
}
