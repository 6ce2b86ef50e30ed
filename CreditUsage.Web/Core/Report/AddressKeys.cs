using System.Globalization;
using CreditUsage.Data;
using Microsoft.EntityFrameworkCore;

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
    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>The query string with the keys of today and everything else as it was; null where nothing changes.</summary>
    public async Task<QueryString?> RenewAsync(IQueryCollection query, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(query);
        var programs = await ProgramsAsync(Given("program"), cancellation);
        var clients = await ClientsAsync(Given("client"), query["copy"] == ReportInput.Accountant, cancellation);
        return programs.Count + clients.Count == 0 ? null
            : QueryString.Create(query.SelectMany(parameter => parameter.Value, (parameter, value) => KeyValuePair.Create(parameter.Key, (string?)KeysOf(parameter.Key).GetValueOrDefault(value ?? "", value ?? ""))));

        List<string> Given(string parameter) => [.. query[parameter].OfType<string>().Where(value => value is not ("" or RowFilter.NoClient)).Distinct(StringComparer.Ordinal).Take(FilterValues.Max + 1)];
        Dictionary<string, string> KeysOf(string parameter) => parameter switch { "program" => programs, "client" => clients, _ => Nothing };
    }

    /// <summary>A row's number is one even where a program is named by the same digits.</summary>
    private async Task<Dictionary<string, string>> ProgramsAsync(List<string> asked, CancellationToken cancellation)
    {
        if (asked.Count == 0) return Nothing;
        var rows = asked.Select(ProgramKey.RowOf).OfType<int>().ToList();
        var known = await db.Programs.Where(program => rows.Contains(program.Id) || asked.Contains(program.Name)).Select(program => new { program.Id, program.Name }).ToListAsync(cancellation);
        return known.Where(program => asked.Contains(program.Name) && !known.Exists(other => other.Id == ProgramKey.RowOf(program.Name))).ToDictionary(program => program.Name, program => ProgramKey.Of(program.Id), StringComparer.Ordinal);
    }

    private async Task<Dictionary<string, string>> ClientsAsync(List<string> asked, bool forAccountant, CancellationToken cancellation)
    {
        if (asked.Count == 0) return Nothing;
        var coded = asked.Select(ClientCode.RowOf).OfType<int>().ToList();
        var firsts = await db.Clients.Where(client => asked.Contains(client.ClientId) || db.Clients.Where(named => coded.Contains(named.Id)).Select(named => named.ClientId).Contains(client.ClientId))
            .GroupBy(client => client.ClientId).Select(same => new { Id = same.Key, Row = same.Min(client => client.Id) }).ToListAsync(cancellation);
        return forAccountant ? firsts.Where(client => asked.Contains(client.Id)).ToDictionary(client => client.Id, client => ClientCode.Of(client.Row), StringComparer.Ordinal)
            : asked.Where(key => !firsts.Exists(client => client.Id == key)).Select(key => (Key: key, firsts.Find(client => client.Row == ClientCode.RowOf(key))?.Id))
                .Where(code => code.Id is not null).ToDictionary(code => code.Key, code => code.Id!, StringComparer.Ordinal);
    }
}
