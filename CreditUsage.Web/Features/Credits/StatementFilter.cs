using CreditUsage.Core.Report;
using CreditUsage.Domain.Months;

namespace CreditUsage.Features.Credits;

/// <summary>The statement that is asked for.</summary>
public sealed record StatementFilter(UsageMonth Month, StatementBasis Basis)
{
    /// <summary>"by service date".</summary>
    public string BasisShown => Basis == StatementBasis.Service ? "by service date" : "by posting instant";

    public string Query => $"{MonthAddress.Query(Month)}&basis={(Basis == StatementBasis.Service ? "service" : "posting")}";

    /// <summary>"Credit Statement 2026-10 - by service date.pdf".</summary>
    public string FileName(string extension) => $"Credit Statement {Month} - {BasisShown}.{extension}";

    /// <summary>What the audit says of a file.</summary>
    public string Audited(string format) => $"Credit statement {BasisShown} as {format}.";
}
