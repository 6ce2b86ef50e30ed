using System.CommandLine;
using System.Globalization;
using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Data.Auditing;
using CreditUsage.Domain.Auditing;
using CreditUsage.Domain.People;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Api;
using CreditUsage.Platform.Commands;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.ApiKeys;

/// <summary>Creates a key of the current subscription. Only the caller sees the secret; the database has its hash.</summary>
public sealed class CreateApiKey(CreditUsageDb db, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    public const int DefaultDays = 90;
    public const int MaxDays = 365;

    private DateTimeOffset Now => clock.GetUtcNow();

    public DateOnly Today => DateOnly.FromDateTime(Now.UtcDateTime);

    /// <param name="scope">One of <see cref="ApiScopes.All"/>.</param>
    /// <param name="lastDay">Inclusive, UTC.</param>
    public async Task<(ApiKeySecret? Secret, IReadOnlyList<Problem> Faults)> RunAsync(string name, string scope, DateOnly lastDay, CancellationToken cancellation)
    {
        var faults = FaultsOf(name, scope, lastDay, out var recorded);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var now = Now;
        if (faults.Count == 0 && await db.ApiKeys.AnyAsync(key => key.Name == recorded && key.RevokedAt == null && key.ExpiresAt > now, cancellation))
            faults.Add(new("Name", "An active key already has this name. Enter a different name."));
        if (faults.Count > 0) return (null, faults);
        var secret = ApiKeySecret.Make();
        db.Add(Row(secret, recorded, scope, lastDay));
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Key, $"Key {recorded}", string.Create(CultureInfo.InvariantCulture, $"made, prefix {secret.Prefix}, scope {scope}, last day {lastDay:yyyy-MM-dd}"), cancellation);
        await transaction.CommitAsync(cancellation);
        return (secret, []);
    }

    private List<Problem> FaultsOf(string name, string scope, DateOnly lastDay, out string recorded)
    {
        var faults = new List<Problem>();
        if (!RecordedName.TryNormalise(name, out recorded, out var fault)) faults.Add(new("Name", $"The name {fault}."));
        else if (recorded.Length == 0) faults.Add(new("Name", "Enter a name for the key."));
        if (!ApiScopes.All.Contains(scope)) faults.Add(new("Scope", "Choose a permission."));
        if (lastDay < Today || lastDay > Today.AddDays(MaxDays))
            faults.Add(new("LastDay", $"Choose a last day from today, {Today:dd/MM/yyyy}, to {Today.AddDays(MaxDays):dd/MM/yyyy}."));
        return faults;
    }

    private ApiKey Row(ApiKeySecret secret, string name, string scope, DateOnly lastDay) => new()
    {
        SubscriptionId = db.RequireSubscriptionId(),
        Name = name,
        Prefix = secret.Prefix,
        SecretHash = secret.Hash,
        Scope = scope,
        ExpiresAt = new DateTimeOffset(lastDay.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero),
        CreatedAt = Now,
        CreatedBy = current.Actor,
    };
}

public sealed record ApiKeyInput
{
    public string? Name { get; init; }

    public string? Scope { get; init; }

    public DateOnly? LastDay { get; init; }

    public string? Password { get; init; }
}

public sealed class RevokeApiKey(CreditUsageDb db, CurrentSubscription current, AuditLog audit, TimeProvider clock)
{
    public async Task<bool> RunAsync(int id, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await db.ApiKeys.SingleOrDefaultAsync(key => key.Id == id && key.RevokedAt == null, cancellation) is not { } key) return false;
        (key.RevokedAt, key.RevokedBy) = (clock.GetUtcNow(), current.Actor);
        await db.SaveChangesAsync(cancellation);
        await audit.AddAsync(AuditAction.Key, $"Key {key.Name}", $"revoked, prefix {key.Prefix}", cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }
}

public static class CreateApiKeyVerb
{
    public static Command Create(VerbHost host)
    {
        var subscription = VerbOptions.Subscription();
        var name = new Option<string>("--name") { Description = "What the key is called in lists and in the audit", HelpName = "N", Required = true };
        var scope = new Option<string>("--scope") { Description = "What the key may do", HelpName = string.Join('|', ApiScopes.All), Required = true };
        scope.AcceptOnlyFromAmong([.. ApiScopes.All]);
        var expires = new Option<DateOnly?>("--expires")
        {
            Description = $"The last day on which it works, at most {CreateApiKey.MaxDays} days from now; {CreateApiKey.DefaultDays} days when absent",
            HelpName = "YYYY-MM-DD",
            CustomParser = result => VerbOptions.Parsed(result, "a day, such as 2026-10-01", text =>
                DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : (DateOnly?)null),
        };
        var command = new Command("create-api-key", "Creates a key to the API and prints it once") { subscription, name, scope, expires };
        command.SetAction((parsed, cancellation) => host.RunAsync(
            parsed.GetValue(subscription), services => RunAsync(services, parsed.GetValue(name)!, parsed.GetValue(scope)!, parsed.GetValue(expires), cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, string name, string scope, DateOnly? expires, CancellationToken cancellation)
    {
        var create = services.GetRequiredService<CreateApiKey>();
        var (secret, faults) = await create.RunAsync(name, scope, expires ?? create.Today.AddDays(CreateApiKey.DefaultDays), cancellation);
        foreach (var fault in faults) Console.Error.WriteLine(fault.Message);
        if (secret is null) return VerbHost.Failed;
        Console.Out.WriteLine(secret.Text);
        return VerbHost.Done;
    }
}
