namespace CreditUsage.Platform.Uploads;

/// <summary>A file as it arrives.</summary>
/// <param name="Name">As it is called on the sender's computer: to be shown and nothing else.</param>
/// <param name="Content">To be read to its end.</param>
/// <param name="EndedAsync">To be called then; throws where something else came with the file.</param>
public sealed record SentFile(string Name, Stream Content, Func<Task> EndedAsync);
