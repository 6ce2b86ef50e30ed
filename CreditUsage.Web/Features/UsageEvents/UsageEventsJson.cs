using System.Text;
using System.Text.Json;
using CreditUsage.Domain.Usage;
using CreditUsage.Platform.Api;

namespace CreditUsage.Features.UsageEvents;

/// <summary>
/// Reads a JSON array of events in the field names of the CSV, without validating values: a number stays as it was written, null or absent is empty.
/// An unknown member is refused, so that none sets anything by accident.
/// </summary>
internal static class UsageEventsJson
{
    public const int MaxEvents = 10_000;

    private static readonly byte[][] Names = [.. UsageInput.Fields.Select(Encoding.UTF8.GetBytes)];

    /// <exception cref="ApiRefusedException">The body is not such an array.</exception>
    public static List<UsageInput> Read(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 4 });
        try
        {
            return ReadArray(ref reader);
        }
        catch (JsonException malformed)
        {
            throw JsonBody.Broken(malformed);
        }
        catch (InvalidOperationException)
        {
            // The reader throws this for text that is not UTF-8, or half of a surrogate pair.
            throw Refused($"A text before byte {reader.BytesConsumed} is not valid Unicode.");
        }
    }

    private static List<UsageInput> ReadArray(ref Utf8JsonReader reader)
    {
        var (events, values) = (new List<UsageInput>(), new string[Names.Length]);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) throw Refused("The body is not a JSON array of events.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject) throw Refused($"Element {events.Count} of the array is not an object.");
            if (events.Count == MaxEvents)
                throw new ApiRefusedException(StatusCodes.Status413PayloadTooLarge, $"A call may bring {MaxEvents} events. Send the others in further calls.");
            events.Add(ReadEvent(ref reader, events.Count, values));
        }
        reader.Read();
        return events;
    }

    private static UsageInput ReadEvent(ref Utf8JsonReader reader, int index, string[] values)
    {
        Array.Fill(values, "");
        var (seen, expected) = (0, 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = FieldOf(ref reader, expected);
            if (field < 0) throw Refused($"Event {index} has a member that is no field of an event. The fields are {string.Join(", ", UsageInput.Fields)}.");
            if ((seen & (1 << field)) != 0) throw Refused($"Event {index} has {UsageInput.Fields[field]} twice.");
            (seen, expected) = (seen | (1 << field), field + 1);
            reader.Read();
            values[field] = Value(ref reader, index, field);
        }
        return new UsageInput(
            values[0], values[1], values[2], values[3], values[4], values[5], values[6], values[7], values[8], values[9], values[10], values[11], values[12]);
    }

    /// <summary>Most callers write the members in order, so the expected one is tried first.</summary>
    private static int FieldOf(ref Utf8JsonReader reader, int expected)
    {
        if (expected < Names.Length && reader.ValueTextEquals(Names[expected])) return expected;
        for (var field = 0; field < Names.Length; field++)
            if (reader.ValueTextEquals(Names[field])) return field;
        return -1;
    }

    private static string Value(ref Utf8JsonReader reader, int index, int field) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString()!,
        JsonTokenType.Number => Encoding.ASCII.GetString(reader.ValueSpan),
        JsonTokenType.Null => "",
        _ => throw Refused($"{UsageInput.Fields[field]} of event {index} must be text, a number or null."),
    };

    private static ApiRefusedException Refused(string message) => new(StatusCodes.Status400BadRequest, message);
}
