using CreditUsage.Domain.Alerts;

namespace CreditUsage.Features.Alerts;

/// <summary>What the page shows.</summary>
/// <param name="MissingSettings">The settings without which no e-mail is sent.</param>
/// <param name="Unseen">What fired and nobody has seen, the latest first.</param>
/// <param name="Log">What fired, the latest first.</param>
/// <param name="Choices">Values and names that the form offers; of staff members or programs, as its kind asks.</param>
public sealed record AlertsShown(
    IReadOnlyList<ShownRule> Rules, IReadOnlyList<string> MissingSettings, IReadOnlyList<AlertFiring> Unseen, IReadOnlyList<ShownFiring> Log, IReadOnlyList<(string Value, string Name)> Choices);

/// <summary>A rule that is watched.</summary>
public sealed record ShownRule(AlertRule Rule, string Title);

/// <summary>A firing, and what came of its e-mails in lines.</summary>
public sealed record ShownFiring(AlertFiring Firing, string Title, IReadOnlyList<string> Told);
