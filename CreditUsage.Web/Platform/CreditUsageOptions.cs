using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform;

/// <summary>The settings in the section "CreditUsage". An unknown or malformed one stops the start with its name.</summary>
public sealed class CreditUsageOptions
{
    public const string Section = "CreditUsage";

    /// <summary>The folder of the database, the keys and the saved reports; created with mode 0700.</summary>
    [Required]
    public string DataPath { get; init; } = "./data";

    [Required, ValidateObjectMembers]
    public DatabaseOptions Database { get; init; } = new();

    [Required, ValidateObjectMembers]
    public PdfOptions Pdf { get; init; } = new();

    [Required, ValidateObjectMembers]
    public SmtpOptions Smtp { get; init; } = new();

    /// <summary>Where users reach the site, such as https://credits.example. Mails link to it; they never take a request's word for it.</summary>
    public Uri? PublicUrl { get; init; }

    [Required, ValidateObjectMembers]
    public ApiOptions Api { get; init; } = new();

    [Required, ValidateObjectMembers]
    public ReportsOptions Reports { get; init; } = new();

    public string DataFolder => Path.GetFullPath(DataPath);
}

public sealed class DatabaseOptions
{
    [EnumDataType(typeof(DatabaseProvider))]
    public DatabaseProvider Provider { get; init; } = DatabaseProvider.Sqlite;

    /// <summary>Whether a start applies pending migrations first.</summary>
    public bool MigrateOnStart { get; init; } = true;
}

public enum DatabaseProvider
{
    Sqlite,
}

public sealed class PdfOptions
{
    /// <summary>The wkhtmltopdf program; looked for on the PATH when empty.</summary>
    public string? WkhtmltopdfPath { get; init; }

    /// <summary>How long one PDF may take, in seconds. When empty: 10 and 2 more for each 1,000 rows.</summary>
    [Range(1, 3600)]
    public int? TimeoutSeconds { get; init; }

    /// <summary>How many PDFs are made at once. When empty: one for each processor.</summary>
    [Range(1, 64)]
    public int? Concurrency { get; init; }

    /// <summary>The weakest sandbox that PDFs may be made in. Where no such one works on the server, PDFs are refused.</summary>
    [EnumDataType(typeof(PdfSandbox))]
    public PdfSandbox MinimumSandbox { get; init; } = PdfSandbox.None;
}

public sealed class ApiOptions
{
    /// <summary>Calls that one key may make in a minute; a tenth of them at once.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerMinute { get; init; } = 6000;
}

public sealed class ReportsOptions
{
    /// <summary>How long a saved report is kept, in years. Afterwards its file is removed; what it was stays on record.</summary>
    [Range(1, 100)]
    public int KeepYears { get; init; } = 7;

    /// <summary>A PDF of more rows than this is made in the background.</summary>
    [Range(0, 1_000_000)]
    public int BackgroundRows { get; init; } = 10_000;
}

/// <summary>What the PDF engine is locked into, weakest first.</summary>
public enum PdfSandbox
{
    /// <summary>Limits, a deadline and a dead proxy alone.</summary>
    None,

    /// <summary>No network and processes of its own, through unshare; it sees the server's files.</summary>
    Namespace,

    /// <summary>No network and no files but programs, fonts and its own folder.</summary>
    Bubblewrap,
}

/// <summary>The server that mails go out through. Without a host none are sent.</summary>
public sealed class SmtpOptions
{
    public string? Host { get; init; }

    [Range(1, 65535)]
    public int Port { get; init; } = 587;

    [EnumDataType(typeof(SmtpSecurity))]
    public SmtpSecurity Security { get; init; } = SmtpSecurity.StartTls;

    public string? UserName { get; init; }

    public string? Password { get; init; }

    /// <summary>The sender's address, such as "CreditUsage &lt;credits@clinic.example&gt;".</summary>
    public string? From { get; init; }
}

public enum SmtpSecurity
{
    None,
    StartTls,
    Tls,
}

/// <summary>Holds the settings to their ranges, those of the inner sections as well.</summary>
[OptionsValidator]
public sealed partial class CreditUsageOptionsValidator : IValidateOptions<CreditUsageOptions>;
