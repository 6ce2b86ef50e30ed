using CreditUsage.Domain.Months;

namespace CreditUsage.Core.Report.Charts;

/// <summary>What a device, or the sessions where there is none, came to in a month.</summary>
internal sealed record MonthSum(UsageMonth Month, int? DeviceId, int DeviceDays, long Credits, long CostPence, int Unpriced);
