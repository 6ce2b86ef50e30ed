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

    public string DataFolder => Path.GetFullPath(DataPath);
}

public sealed class DatabaseOptions
{
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

    /// <summary>The weakest sandbox that PDFs may be made in. This version has none to offer, so anything but None refuses PDFs.</summary>
    public PdfSandbox MinimumSandbox { get; init; } = PdfSandbox.None;
}

public enum PdfSandbox
{
    None,
    Namespace,
    Bubblewrap,
}
