using CreditUsage.Core;

namespace CreditUsage.Platform.Uploads;

/// <summary>Why a file was not taken in.</summary>
/// <param name="Status">The HTTP status that says so.</param>
/// <param name="Problem">In words for the user.</param>
public sealed record UploadRefusal(int Status, string Problem);
