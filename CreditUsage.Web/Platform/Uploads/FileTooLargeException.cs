namespace CreditUsage.Platform.Uploads;

/// <summary>A file has more bytes than it may; the rest of it was not read.</summary>
public sealed class FileTooLargeException(string message) : UserFacingException(message);
