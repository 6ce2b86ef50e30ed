using CreditUsage.Platform.Jobs;
using CreditUsage.Platform.Security;

namespace CreditUsage.Features.AllClinics;

/// <summary>The clinics whose money somebody looks after, side by side. Each is read in a scope of its own that has entered it, as its own pages are.</summary>
public sealed class AllClinicsQuery(OwnClinics clinics, IServiceScopeFactory scopes)
{
    public async Task<ClinicList> RunAsync(string userId, CancellationToken cancellation)
    {
        var own = await clinics.OfAsync(userId, cancellation);
        var lines = new List<ClinicLine>();
        foreach (var clinic in own.Where(clinic => clinic.Role != Roles.Auditor).OrderBy(clinic => clinic.Name, StringComparer.OrdinalIgnoreCase).ThenBy(clinic => clinic.Id))
            lines.Add(await scopes.InSubscriptionAsync(clinic.Id, services => services.GetRequiredService<ClinicFigures>().RunAsync(clinic, cancellation)));
        return new(lines, [.. own.Where(clinic => clinic.Role == Roles.Auditor).Select(clinic => clinic.Name)]);
    }
}

/// <param name="Audited">The names of those that they only read.</param>
public sealed record ClinicList(IReadOnlyList<ClinicLine> Lines, IReadOnlyList<string> Audited)
{
    /// <summary>Pence; null where the money of one is withheld.</summary>
    public long? SoFarPence => Sum(Lines.Select(line => line.SoFar));

    public long? LastPence => Sum(Lines.Select(line => line.Last).OfType<ClinicMonth>());

    private static long? Sum(IEnumerable<ClinicMonth> months) => months.Aggregate((long?)0, (sum, month) => sum + month.CostPence);
}
