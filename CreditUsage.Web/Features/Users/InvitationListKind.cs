using System.ComponentModel.DataAnnotations;
using CreditUsage.Core.Lists;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Security;

namespace CreditUsage.Features.Users;

/// <summary>Users who come in by file: each is invited, by the rules of the form. It holds for one request, whose invitations it keeps.</summary>
public sealed class InvitationListKind(UserList users, InviteUser invite) : ListKind<InviteInput>
{
    private readonly List<InvitedAddress> _invited = [];

    public override string One => "user";

    public override string Many => "users";

    public override string Verb => "Invite";

    /// <summary>Each gets a mail while somebody waits.</summary>
    public override int MaxRows => 100;

    public override IReadOnlyList<ListColumn> Columns { get; } =
    [
        new("email", "E-mail address") { AlsoCalled = ["emailaddress", "mail", "address", "user"] },
        new("role", "Role") { Hint = "Finance Administrator, Administrator or Auditor", AlsoCalled = ["rights", "permission"] },
    ];

    public override IReadOnlyList<string> Heads => ["E-mail address", "Role"];

    /// <summary>Their links can be read this once.</summary>
    public IReadOnlyList<InvitedAddress> Invited => _invited;

    public override IReadOnlyList<IReadOnlyList<string>> Sample(DateOnly today) => [["finance@clinic.example", "Finance Administrator"], ["auditor@clinic.example", "Auditor"]];

    public override async Task<ListCheck<InviteInput>> CheckAsync(IReadOnlyList<ListRow> rows, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var there = (await users.AllAsync(cancellation)).ToDictionary(user => user.Email, StringComparer.OrdinalIgnoreCase);
        var (check, lines) = (new ListCheck<InviteInput>(), new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase));
        foreach (var row in rows.Where(check.CanRead))
        {
            var input = new InviteInput { Email = row["email"].Trim(), Role = RoleOf(row["role"]) };
            var wrong = new List<ValidationResult>();
            if (!Validator.TryValidateObject(input, new ValidationContext(input), wrong, validateAllProperties: true)) AddFaults(check, row.Line, wrong);
            else if (!lines.TryAdd(input.Email, row.Line)) check.AddFault(row.Line, "E-mail address", $"Line {lines[input.Email]} has {input.Email} too; name a user once.");
            else if (there.TryGetValue(input.Email, out var user) && user.Role == input.Role) check.AddThere(row.Line, Cells(input));
            else if (user is not null) check.AddFault(row.Line, "Role", $"{user.Email} is already here, as {RoleNames.Of(user.Role)}, and this line says {RoleNames.Of(input.Role)}. Change the role on the user's page, or correct the line.");
            else if (await invite.ProblemAsync(input.Email, cancellation) is { } problem) check.AddFault(row.Line, "E-mail address", problem);
            else check.Add(row.Line, input, Cells(input));
        }
        return check;
    }

    public override async Task StoreAsync(IReadOnlyList<InviteInput> rows, CancellationToken cancellation)
    {
        foreach (var row in rows) _invited.Add(await invite.AddAsync(row.Email, row.Role, cancellation));
    }

    /// <summary>A role by its name, whatever its case and spaces; what is none stays as it is.</summary>
    private static string RoleOf(string text) => Roles.All.FirstOrDefault(role => HeadGuess.Plain(role) == HeadGuess.Plain(text)) ?? text.Trim();

    private static string[] Cells(InviteInput input) => [input.Email, RoleNames.Of(input.Role)];

    private static void AddFaults(ListCheck<InviteInput> check, int line, List<ValidationResult> wrong)
    {
        foreach (var one in wrong) check.AddFault(line, one.MemberNames.Contains(nameof(InviteInput.Role)) ? "Role" : "E-mail address", one.ErrorMessage!);
    }
}
