using CreditUsage.Domain.Usage;

namespace CreditUsage.Core.Report;

/// <summary>What the events of a kind, a staff member, a program and a day add up to.</summary>
internal sealed record UsagePart(UsageKind Kind, int StaffMemberId, int ProgramId, DateOnly Day, UsageTotal Total)
{
    public UsageSum OfStaff => new(Kind, StaffMemberId, default, Total);

    public UsageSum OfProgram => new(Kind, ProgramId, default, Total);

    public UsageSum OfDay => new(Kind, null, Day, Total);
}
