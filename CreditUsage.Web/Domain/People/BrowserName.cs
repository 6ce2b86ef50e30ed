namespace CreditUsage.Domain.People;

/// <summary>"Firefox on Windows" of a User-Agent header, so that people recognise their own browsers. The header is the browser's word and proves nothing.</summary>
public static class BrowserName
{
    public const string Unknown = "Another browser";

    // In this order: most call themselves Chrome and Safari too, and telephones call themselves Mac OS X or Linux.
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
    ];

    public static string Of(string? userAgent) => (NameIn(Browsers, userAgent), NameIn(Systems, userAgent)) switch
    {
        (null, null) => Unknown,
        ({ } browser, null) => browser,
        (null, { } system) => $"{Unknown} on {system}",
        var (browser, system) => $"{browser} on {system}",
    };

    private static string? NameIn((string Mark, string Name)[] names, string? userAgent) =>
        names.FirstOrDefault(name => userAgent?.Contains(name.Mark, StringComparison.Ordinal) == true).Name;
}
