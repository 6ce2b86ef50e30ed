using CreditUsage.Features.Deliveries;
using CreditUsage.Features.Schedules;

namespace CreditUsage.Features.Savings;

/// <summary>The letters of a strip and what they say.</summary>
public static class DayMarkWords
{
    public static string Letter(this DayMark mark) => mark switch
    {
        DayMark.Charged => "C",
        DayMark.Outside => "O",
        DayMark.Missing => "M",
        DayMark.TakenBack => "T",
        DayMark.Late => "L",
        _ => "–",
    };

    public static string Words(this DayMark mark) => mark switch
    {
        DayMark.Charged => "charged",
        DayMark.Outside => "charged outside its schedule",
        DayMark.Missing => "scheduled, not charged",
        DayMark.TakenBack => "charged and taken back",
        DayMark.Late => "charged late, shown in a later month",
        _ => "nothing",
    };
}
