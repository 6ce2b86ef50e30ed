namespace CreditUsage.Platform.Pdf;

/// <summary>
/// A limit on a program's own time: the processor time that it used, and the time in which it neither used nor wanted any. Waiting for a processor
/// that others use does not count, up to <see cref="Longest"/> of clock time.
/// </summary>
public sealed class WorkDeadline(TimeSpan limit)
{
    /// <summary>Of the limit.</summary>
    private const int MaxStretch = 6;

    private TimeSpan _processor;
    private TimeSpan _idle;
    private TimeSpan _clock;

    public static TimeSpan Longest(TimeSpan limit) => limit * MaxStretch;

    /// <param name="passed">By the clock, since the last call.</param>
    /// <param name="processor">Of the program and all it started, since it began.</param>
    /// <param name="waits">Whether any of them is ready to run.</param>
    public bool IsOver(TimeSpan passed, TimeSpan processor, bool waits)
    {
        _clock += passed;
        if (processor > _processor) _processor = processor;
        else if (!waits) _idle += passed;
        return _processor + _idle >= limit || _clock >= Longest(limit);
    }
}
