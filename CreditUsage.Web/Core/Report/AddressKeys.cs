using System.Globalization;
using CreditUsage.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;

namespace CreditUsage.Core.Report;

/// <summary>A program in addresses: its row's number, since browsers keep addresses and a program's name may be an illness's.</summary>
internal static class ProgramKey
{
    public static string Of(int row) => row.ToString(CultureInfo.InvariantCulture);

    /// <summary>Null for anything but a row's number, such as a name.</summary>
    public static int? RowOf(string? key) => WholeNumber.Read(key, int.MaxValue);
}

/// <summary>What stands for a client in an accountant's copy, name and id: the number of the first row with the client's id, the same in every month.</summary>
internal static class ClientCode
{
    private const string Start = "Client ";

    public static string Of(int firstRow) => string.Create(CultureInfo.InvariantCulture, $"{Start}{firstRow:D4}");

    public static int? RowOf(string code) => code.StartsWith(Start, StringComparison.Ordinal) ? WholeNumber.Read(code[Start.Length..].TrimStart('0'), int.MaxValue) : null;
}

/// <summary>
/// Brings the keys of a report's address to what it says now: a program's row for its name, as older addresses have it; a client's code for
/// its id in an accountant's copy, and its id for its code elsewhere, since the form keeps the client when the kind of copy changes.
/// </summary>
public sealed class AddressKeys(CreditUsageDb db)
{
    /// <summary>The query string with the keys of today and everything else as it was; null where nothing changes.</summary>
    public async Task<QueryString?> RenewAsync(IQueryCollection query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        var (program, client) = ((string?)query["program"], (string?)query["client"]);
        var renewed = new Dictionary<string, string?>
        {
            ["program"] = string.IsNullOrEmpty(program) ? null : await ProgramAsync(program, cancellation),
            ["client"] = client is null or "" or RowFilter.NoClient ? null : await ClientAsync(client, query["copy"] == ReportInput.Accountant, cancellation),
        };
        return renewed.Values.All(key => key is null) ? null
            : QueryString.Create(query.Select(parameter => renewed.GetValueOrDefault(parameter.Key) is { } key ? KeyValuePair.Create(parameter.Key, new StringValues(key)) : parameter));
    }

    /// <summary>A row's number is one even where a program is named by the same digits.</summary>
    private async Task<string?> ProgramAsync(string asked, CancellationToken cancellation)
    {
        if (ProgramKey.RowOf(asked) is { } row && await db.Programs.AnyAsync(program => program.Id == row, cancellation)) return null;
        return await db.Programs.Where(program => program.Name == asked).Select(program => (int?)program.Id).SingleOrDefaultAsync(cancellation) is { } known ? ProgramKey.Of(known) : null;
    }

    private async Task<string?> ClientAsync(string asked, bool forAccountant, CancellationToken cancellation)
    {
        var first = await FirstRowAsync(asked, cancellation);
        if (forAccountant) return first is { } row ? ClientCode.Of(row) : null;
        if (first is not null || ClientCode.RowOf(asked) is not { } coded) return null;
        var id = await db.Clients.Where(client => client.Id == coded).Select(client => client.ClientId).SingleOrDefaultAsync(cancellation);
        return id is not null && await FirstRowAsync(id, cancellation) == coded ? id : null;
    }

    private Task<int?> FirstRowAsync(string clientId, CancellationToken cancellation) =>
        db.Clients.Where(client => client.ClientId == clientId).MinAsync(client => (int?)client.Id, cancellation);
}
