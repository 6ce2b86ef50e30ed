using CreditUsage.Domain.Alerts;
using CreditUsage.Domain.Months;

namespace CreditUsage.Features.Alerts;

/// <summary>A rule beside the figure that it watches.</summary>
/// <param name="Crossed">Whether the figure is on the far side of the line.</param>
/// <param name="Figure">In the line's unit; 0 where there is none.</param>
/// <param name="Month">The month whose spend it is; absent for a balance or a forecast.</param>
/// <param name="IsPresent">Whether it says where the rule stands now; not so of the spend of a month that is over.</param>
/// <param name="Said">The sentence for page and e-mail.</param>
public sealed record LineReading(AlertRule Rule, bool Crossed, long Figure, UsageMonth? Month, bool IsPresent, string Said);
