using System.Text.Json;

namespace CreditUsage.Core.Files;

/// <summary>
/// Copies the kept rows of a closed month with other names and with what the edition says of itself, token by token: everything else stays as it was, and a
/// long month never has to fit into memory.
/// </summary>
internal sealed class KeptRows(Func<string, RowNames> namesOf, Func<string, string> inText, string edition)
{
    private const int AtOnce = 64 * 1024;

    /// <summary>Of the fields of the file, and of those of a row.</summary>
    private const int DepthOfHead = 1, DepthOfRow = 3;

    private string _field = "";
    private RowNames _names = RowNames.Kept;

    /// <summary>Whether a row of it named somebody who is to go.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>As the head of the file has it.</summary>
    public DateTimeOffset GeneratedAt { get; private set; }

    public async Task CopyAsync(Stream source, Stream target, CancellationToken cancellation)
    {
        await using var writer = new Utf8JsonWriter(target, new JsonWriterOptions { Indented = false });
        var (buffer, kept, state) = (new byte[AtOnce], 0, default(JsonReaderState));
        for (var last = false; !last;)
        {
            if (kept == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            var read = await source.ReadAsync(buffer.AsMemory(kept), cancellation);
            (last, kept) = (read == 0, kept + read);
            var used = Copy(buffer.AsSpan(0, kept), last, ref state, writer);
            buffer.AsSpan(used, kept - used).CopyTo(buffer);
            kept -= used;
            if (writer.BytesPending >= AtOnce) await writer.FlushAsync(cancellation);
        }
    }

    private int Copy(ReadOnlySpan<byte> json, bool isLast, ref JsonReaderState state, Utf8JsonWriter writer)
    {
        var reader = new Utf8JsonReader(json, isLast, state);
        while (reader.Read()) Copy(ref reader, writer);
        state = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }

    private void Copy(ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                BeginField(reader.GetString()!, reader.CurrentDepth, writer);
                break;
            case JsonTokenType.String:
                CopyText(reader.GetString()!, reader.CurrentDepth, writer);
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }

    private void BeginField(string name, int depth, Utf8JsonWriter writer)
    {
        _field = name;
        if (depth == DepthOfHead && name == "rows") writer.WriteString(UsageJson.Edition, edition);
        if (!IsFormerEdition(depth)) writer.WritePropertyName(name);
    }

    private void CopyText(string text, int depth, Utf8JsonWriter writer)
    {
        if (IsFormerEdition(depth)) return;
        if (depth == DepthOfHead && _field == "generatedAt") GeneratedAt = DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        if (depth == DepthOfRow && _field == "eventId") _names = namesOf(text);
        var now = depth != DepthOfRow ? text : _field switch
        {
            "client" => _names.Client ?? text,
            "identityNote" => _names.Note ?? text,
            "reason" => inText(text),
            _ => text,
        };
        HasChanged |= now != text;
        writer.WriteStringValue(now);
    }

    private bool IsFormerEdition(int depth) => depth == DepthOfHead && _field == UsageJson.Edition;
}

/// <summary>What a row shows from now on; null where it stays.</summary>
internal readonly record struct RowNames(string? Client, string? Note)
{
    public static RowNames Kept { get; }
}
