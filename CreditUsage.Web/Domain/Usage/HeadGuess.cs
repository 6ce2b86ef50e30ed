using System.Globalization;

namespace CreditUsage.Domain.Usage;

/// <summary>Guesses which head of a clinic's own file is meant for a field, whatever its case, spaces and signs.</summary>
public static class HeadGuess
{
    /// <summary>In letters and digits only; the first that a file has is taken.</summary>
    private static readonly Dictionary<string, string[]> Words = new(StringComparer.Ordinal)
    {
        ["event_id"] = ["eventid", "eventno", "eventnumber", "eventref", "reference", "ref", "id"],
        ["kind"] = ["kind", "type", "eventtype", "eventkind", "usagetype", "category"],
        ["occurred_at"] = ["occurredat", "dategmt", "datetime", "dateandtime", "date", "when", "startedat", "started", "start", "starttime", "timestamp", "day"],
        ["staff_id"] = ["staffid", "staffno", "staffnumber", "staffcode", "staffmemberid", "therapistid", "therapistno", "therapistnumber", "therapistcode"],
        ["staff_name"] = ["staffname", "staffmember", "staff", "staffmembername", "therapistname", "therapist", "initiatedby"],
        ["client_id"] = ["clientid", "clientno", "clientnumber", "clientcode", "clientref", "patientid", "patientno", "patientnumber"],
        ["client_name"] = ["clientname", "client", "patientname", "patient"],
        ["program"] = ["program", "programname", "programme", "programmename"],
        ["device_id"] = ["deviceid", "device", "deviceno", "devicenumber", "cardid", "card", "cardno", "cardnumber", "topupdevice"],
        ["identity_note"] = ["identitynote", "identity", "note", "notes", "devicenote", "cardnote"],
        ["duration_minutes"] = ["durationminutes", "durationmins", "duration", "minutes", "mins", "length"],
        ["credits"] = ["credits", "credit", "creditsused"],
        ["cost_gbp"] = ["costgbp", "cost", "amount", "amountgbp", "price"],
    };

    /// <summary>What files call a field, each <see cref="Plain"/>.</summary>
    public static IReadOnlyList<string> WordsOf(string field) => Words[field];

    /// <param name="heads">As the file has them.</param>
    /// <returns>A head for each field that has one; no head twice.</returns>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyList<string> heads)
    {
        ArgumentNullException.ThrowIfNull(heads);
        var guesses = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in UsageInput.Fields)
        {
            var head = Words[field].Select(word => heads.FirstOrDefault(head => Plain(head) == word && !guesses.ContainsValue(head))).FirstOrDefault(head => head is not null);
            if (head is not null) guesses[field] = head;
        }
        return guesses;
    }

    /// <summary>How the first dates of a file are written, where one of them tells; <see cref="DateStyle.Unsaid"/> where they do not, or contradict each other.</summary>
    public static DateStyle Dates(IEnumerable<string> values)
    {
        var (dayFirst, monthFirst) = (false, false);
        foreach (var value in values)
        {
            var parts = value.Trim().Split(['/', '.', '-'], 3);
            if (parts.Length < 3 || !int.TryParse(parts[0], CultureInfo.InvariantCulture, out var first) || !int.TryParse(parts[1], CultureInfo.InvariantCulture, out var second)) continue;
            dayFirst |= first is > 12 and <= 31 && second <= 12;
            monthFirst |= second is > 12 and <= 31 && first <= 12;
        }
        return (dayFirst, monthFirst) switch { (true, false) => DateStyle.DayFirst, (false, true) => DateStyle.MonthFirst, _ => DateStyle.Unsaid };
    }

    /// <summary>Whether amounts have a comma before their last two digits.</summary>
    public static bool DecimalComma(IEnumerable<string> values)
    {
        var all = values.Select(value => value.Trim()).ToList();
        return all.Exists(value => value.Length > 2 && value[^2] is ',' || value.Length > 3 && value[^3] is ',') && !all.Exists(value => value.Length > 3 && value[^3] == '.');
    }

    /// <summary>In small letters and digits only.</summary>
    public static string Plain(string head) => string.Concat(head.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}
