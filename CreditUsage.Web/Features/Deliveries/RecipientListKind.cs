using CreditUsage.Core.Lists;
using CreditUsage.Data;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Deliveries;

/// <summary>Recipients of closed months who come in by file, by the rules of the form.</summary>
public sealed class RecipientListKind(CreditUsageDb db, ChangeRecipients recipients) : ListKind<Recipient>
{
    public override string One => "recipient";

    public override string Many => "recipients";

    public override string Verb => "Add";

    public override int MaxRows => 500;

    public override IReadOnlyList<ListColumn> Columns { get; } =
    [
        new("name", "Name") { AlsoCalled = ["fullname", "recipient", "person", "contact"] },
        new("email", "E-mail address") { AlsoCalled = ["emailaddress", "mail", "address"] },
    ];

    public override IReadOnlyList<string> Heads => ["Name", "E-mail address"];

    public override IReadOnlyList<IReadOnlyList<string>> Sample(DateOnly today) => [["Sample Owner", "owner@clinic.example"], ["Sample Accountant", "accountant@clinic.example"]];

    public override async Task<ListCheck<Recipient>> CheckAsync(IReadOnlyList<ListRow> rows, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var there = await db.DeliveryRecipients.AsNoTracking().ToDictionaryAsync(person => person.Email, person => person.Name, cancellation);
        var (check, lines) = (new ListCheck<Recipient>(), new Dictionary<string, int>(StringComparer.Ordinal));
        foreach (var row in rows.Where(check.CanRead))
        {
            if (new PersonInput(row["name"], row["email"]).TryRead(out var name, out var email) is { } problem) check.AddFault(row.Line, problem.Field == "Name" ? "Name" : "E-mail address", problem.Message);
            else if (!lines.TryAdd(email, row.Line)) check.AddFault(row.Line, "E-mail address", $"Line {lines[email]} has {email} too; name a person once.");
            else if (!there.TryGetValue(email, out var known)) Add(check, row.Line, new Recipient(name, email), there.Count);
            else if (known == name) check.AddThere(row.Line, name, email);
            else check.AddFault(row.Line, "Name", $"{email} is already a recipient, as {known}, and this line says {name}. Remove that one first, or correct the line.");
        }
        return check;
    }

    public override Task StoreAsync(IReadOnlyList<Recipient> rows, CancellationToken cancellation) => recipients.AddAsync(rows, cancellation);

    private static void Add(ListCheck<Recipient> check, int line, Recipient person, int there)
    {
        if (there + check.ToStore.Count >= ChangeRecipients.MaxPeople) check.AddFault(line, null, $"There can be {ChangeRecipients.MaxPeople} recipients, and this is one more: {there} are there, and {check.ToStore.Count} stand above.");
        else check.Add(line, person, person.Name, person.Email);
    }
}
