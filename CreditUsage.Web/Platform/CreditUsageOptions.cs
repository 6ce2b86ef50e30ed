using System.ComponentModel.DataAnnotations;
using CreditUsage.Data.Engines;
using Microsoft.Extensions.Options;

namespace CreditUsage.Platform;

/// <summary>The section "CreditUsage". An unknown or malformed setting stops the start with its name.</summary>
public sealed class CreditUsageOptions
{
    public const string Section = "CreditUsage";

    /// <summary>Holds the database and the saved reports; created with mode 0700.</summary>
    [Required]
    public string DataPath { get; init; } = "./data";

    [Required, ValidateObjectMembers]
    public DatabaseOptions Database { get; init; } = new();

    [Required, ValidateObjectMembers]
    public PdfOptions Pdf { get; init; } = new();

    [Required, ValidateObjectMembers]
    public SmtpOptions Smtp { get; init; } = new();

    public WebhookOptions Webhooks { get; init; } = new();

    [Required]
    public KeysOptions Keys { get; init; } = new();

    /// <summary>Such as https://credits.example or https://clinic.example/credits. Every whole link begins with it, since a request's host can be forged.</summary>
    public Uri? PublicUrl { get; init; }

    [Required]
    public ProxyOptions Proxy { get; init; } = new();

    /// <summary>How long the site goes on answering after it was told to stop, while /health/ready says that it stops: as long as a load balancer takes to notice.</summary>
    [Range(0, 600)]
    public int DrainSeconds { get; init; }

    /// <summary>How long requests and jobs may take to end after that.</summary>
    [Range(1, 600)]
    public int StopSeconds { get; init; } = 30;

    [Required, ValidateObjectMembers]
    public ApiOptions Api { get; init; } = new();

    [Required, ValidateObjectMembers]
    public AnonymousOptions Anonymous { get; init; } = new();

    [Required, ValidateObjectMembers]
    public ReportsOptions Reports { get; init; } = new();

    [Required, ValidateObjectMembers]
    public EventsOptions Events { get; init; } = new();

    [Required, ValidateObjectMembers]
    public BackupOptions Backup { get; init; } = new();

    [Required]
    public TelemetryOptions Telemetry { get; init; } = new();

    /// <summary>How many processes serve the site together. Each allows its share of what is limited by the minute.</summary>
    [Range(1, 100)]
    public int Nodes { get; init; } = 1;

    /// <summary>This process's share of a limit of the whole site; at least one.</summary>
    public int ShareOf(int limit) => Math.Max(1, limit / Nodes);

    /// <summary>Whether files are kept in the database and not in the data folder.</summary>
    public bool FilesInDatabase => Reports.Store is FileStore.Database || (Reports.Store is null && DatabaseEngine.IsShared(Database.Provider));

    public string DataFolder => Path.GetFullPath(DataPath);

    public string KeyFolder => Keys.Path is { Length: > 0 } path ? Path.GetFullPath(path) : Path.Combine(DataFolder, KeysOptions.DefaultFolder);

    /// <exception cref="UserFacingException">A setting is unknown: a misspelt one must not pass for a default.</exception>
    public static CreditUsageOptions Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection(Section);
        RefuseUnknown(section, typeof(CreditUsageOptions));
        var options = section.Get<CreditUsageOptions>() ?? new();
        var validated = new CreditUsageOptionsValidator().Validate(null, options);
        return validated.Failed ? throw new OptionsValidationException(Section, typeof(CreditUsageOptions), validated.Failures) : options;
    }

    // The binder's own check (ErrorOnUnknownConfiguration) names a setting without its section.
    private static void RefuseUnknown(IConfigurationSection section, Type options)
    {
        foreach (var setting in section.GetChildren())
        {
            var property = options.GetProperties().FirstOrDefault(property => property.CanWrite && string.Equals(property.Name, setting.Key, StringComparison.OrdinalIgnoreCase))
                ?? throw new UserFacingException($"There is no setting {setting.Path}. The README lists those there are.");
            if (property.PropertyType.Namespace == typeof(CreditUsageOptions).Namespace && property.PropertyType.IsClass) RefuseUnknown(setting, property.PropertyType);
        }
    }
}

public sealed class DatabaseOptions
{
    [EnumDataType(typeof(DatabaseProvider))]
    public DatabaseProvider Provider { get; init; }

    public bool MigrateOnStart { get; init; } = true;
}

/// <summary>The keys that sign cookies and encrypt authenticator keys. Whoever has them beside a copy of the database has its secrets.</summary>
public sealed class KeysOptions
{
    /// <summary>In the data folder, and never in a backup of it.</summary>
    public const string DefaultFolder = "keys";

    /// <summary>A folder for the keys alone; created with mode 0700.</summary>
    public string? Path { get; init; }

    /// <summary>A PKCS #12 file (.pfx) with an RSA key. With it the keys are in the database, encrypted, for every node that has the same certificate.</summary>
    public string? CertificatePath { get; init; }

    public string? CertificatePassword { get; init; }
}

public sealed class ProxyOptions
{
    /// <summary>Addresses and networks, such as "10.0.0.5, 172.16.0.0/12", whose X-Forwarded headers are believed beside those of this computer.</summary>
    public string? Networks { get; init; }
}

public sealed class PdfOptions
{
    /// <summary>Found on the PATH when empty.</summary>
    public string? WkhtmltopdfPath { get; init; }

    /// <summary>Of the engine's own work on one PDF. When empty: 10 and 2 more for each 1,000 rows.</summary>
    [Range(1, 3600)]
    public int? TimeoutSeconds { get; init; }

    /// <summary>For the self-test and for asking the engine's version: every PDF waits for them.</summary>
    public TimeSpan TrialDeadline => TimeSpan.FromSeconds(Math.Min(30, Deadline(units: 0).TotalSeconds));

    public TimeSpan Deadline(int units) => TimeSpan.FromSeconds(TimeoutSeconds ?? (10 + (units / 500)));

    /// <summary>PDFs made at once. When empty: one for each processor.</summary>
    [Range(1, 64)]
    public int? Concurrency { get; init; }

    /// <summary>PDFs are refused where the server has no sandbox as strong. When empty: the strongest that has worked since the start, and never none.</summary>
    [EnumDataType(typeof(PdfSandbox))]
    public PdfSandbox? MinimumSandbox { get; init; }
}

public sealed class ApiOptions
{
    /// <summary>For one key; a tenth of them at once.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerMinute { get; init; } = 6000;
}

/// <summary>For whoever has not signed in. A network is an address, or the /64 of an IPv6 address.</summary>
public sealed class AnonymousOptions
{
    /// <summary>Passwords, codes and invitations from one network; as many at once.</summary>
    [Range(1, 1_000_000)]
    public int SignInsPerMinute { get; init; } = 20;

    /// <summary>Password checks that wait, for each processor; further ones are refused at once.</summary>
    [Range(1, 100_000)]
    public int WaitingSignIns { get; init; } = 32;

    /// <summary>Files to verify from one network.</summary>
    [Range(1, 1_000_000)]
    public int VerifiesPerMinute { get; init; } = 20;

    /// <summary>Files to verify at the same time, from everywhere.</summary>
    [Range(1, 1000)]
    public int VerifiesAtOnce { get; init; } = 4;

    /// <summary>Of a file to verify.</summary>
    [Range(1, 256)]
    public int VerifyMegabytes { get; init; } = 20;
}

public sealed class ReportsOptions
{
    /// <summary>The file of a saved report is removed after this; its record stays.</summary>
    [Range(1, 100)]
    public int KeepYears { get; init; } = 7;

    [Range(0, 1_000_000)]
    public int BackgroundRows { get; init; } = 10_000;

    /// <summary>Null: in the data folder where the database is a file in it, else in the database.</summary>
    [EnumDataType(typeof(FileStore))]
    public FileStore? Store { get; init; }
}

public sealed class EventsOptions
{
    /// <summary>The clients of closed months that ended longer ago become codes; 0 keeps them for good.</summary>
    [Range(0, 100)]
    public int KeepYears { get; init; }
}

/// <summary>Where saved PDFs, the rows of closed months and the files of imports are.</summary>
public enum FileStore
{
    Folder,
    Database,
}

public sealed class TelemetryOptions
{
    /// <summary>Where metrics, traces and logs are sent by OTLP over HTTP, such as http://collector.example:4318; null for nowhere.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>Whether /metrics answers, to anybody who reaches it.</summary>
    public bool Prometheus { get; init; }
}

/// <summary>Without a folder the site makes no backups by itself.</summary>
public sealed class BackupOptions
{
    /// <summary>Best on another disk. Created with mode 0700.</summary>
    public string? Path { get; init; }

    /// <summary>Older backups are removed once a newer one is complete.</summary>
    [Range(1, 36_500)]
    public int KeepDays { get; init; } = 30;
}

public enum PdfSandbox
{
    /// <summary>Only limits, a deadline and a dead proxy.</summary>
    None,

    /// <summary>unshare: no network, its own processes; it sees the server's files.</summary>
    Namespace,

    /// <summary>bwrap: no network, no files but programs, fonts and its own folder.</summary>
    Bubblewrap,
}

public sealed class WebhookOptions
{
    /// <summary>Whether webhooks may be sent to addresses of private networks, and without https.</summary>
    public bool AllowPrivateTargets { get; init; }
}

/// <summary>Without a host no mails are sent.</summary>
public sealed class SmtpOptions
{
    public string? Host { get; init; }

    [Range(1, 65535)]
    public int Port { get; init; } = 587;

    [EnumDataType(typeof(SmtpSecurity))]
    public SmtpSecurity Security { get; init; } = SmtpSecurity.StartTls;

    public string? UserName { get; init; }

    public string? Password { get; init; }

    /// <summary>Such as "CreditUsage &lt;credits@clinic.example&gt;".</summary>
    public string? From { get; init; }
}

public enum SmtpSecurity
{
    None,
    StartTls,
    Tls,
}

[OptionsValidator]
public sealed partial class CreditUsageOptionsValidator : IValidateOptions<CreditUsageOptions>;
