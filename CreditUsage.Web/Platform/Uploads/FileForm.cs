using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace CreditUsage.Platform.Uploads;

/// <summary>Checks the antiforgery token before reading the file that follows it. The framework would first write the whole file to a temporary one.</summary>
public sealed class FileForm(IAntiforgery antiforgery, UploadTimeout patience)
{
    public const string FileField = "file";

    private const string TokenField = "__RequestVerificationToken";
    private const string TokenHeader = "RequestVerificationToken";
    private const int MaxTokenBytes = 4 * 1024;
    private const int MaxParts = 4;

    /// <param name="context">The form must not have been read.</param>
    /// <param name="take">A <see cref="UserFacingException"/> of it refuses the file with its message.</param>
    /// <param name="within">A shorter time than others have.</param>
    /// <returns>Null when the file was accepted.</returns>
    public async Task<UploadRefusal?> ReadAsync(HttpContext context, string tooLarge, Func<SentFile, Task> take, TimeSpan? within = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        var whole = within < patience.Whole ? within.Value : patience.Whole;
        var aborted = context.RequestAborted;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        deadline.CancelAfter(whole);
        // Reading the file stops with the deadline; the answer is written without it.
        context.RequestAborted = deadline.Token;
        try
        {
            return await ReadWithinAsync(context, tooLarge, take);
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            // Not 408: browsers would send everything again.
            return new(StatusCodes.Status400BadRequest, $"The upload took longer than {whole.TotalMinutes:0.##} minutes and was stopped. Try again over a faster connection.");
        }
        finally
        {
            context.RequestAborted = aborted;
        }
    }

    private async Task<UploadRefusal?> ReadWithinAsync(HttpContext context, string tooLarge, Func<SentFile, Task> take)
    {
        try
        {
            if (ReaderOf(context.Request) is not { } reader) return Missing;
            if (!await TokenHoldsAsync(context, reader)) return new(StatusCodes.Status400BadRequest, "The form has expired. Choose the file again.");
            return await FileAsync(context, reader, take);
        }
        catch (FileTooLargeException problem)
        {
            return new(StatusCodes.Status413PayloadTooLarge, problem.Message);
        }
        catch (BadHttpRequestException problem) when (problem.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return new(problem.StatusCode, tooLarge);
        }
        catch (UserFacingException problem)
        {
            return new(StatusCodes.Status422UnprocessableEntity, problem.Message);
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException or BadHttpRequestException)
        {
            return new(StatusCodes.Status400BadRequest, "The upload was incomplete. Choose the file again.");
        }
    }

    private static UploadRefusal Missing => new(StatusCodes.Status422UnprocessableEntity, "Choose a file.");

    private static MultipartReader? ReaderOf(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || type.MediaType != "multipart/form-data") return null;
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrWhiteSpace(boundary) || boundary.Length > 200) throw new InvalidDataException("The form has no boundary.");
        return new MultipartReader(boundary, request.Body);
    }

    private async Task<bool> TokenHoldsAsync(HttpContext context, MultipartReader reader)
    {
        var part = await reader.ReadNextSectionAsync(context.RequestAborted);
        if (part?.GetContentDispositionHeader() is not { } disposition || HeaderUtilities.RemoveQuotes(disposition.Name) != TokenField) return false;
        var token = new byte[MaxTokenBytes];
        var bytes = await part.Body.ReadAtLeastAsync(token, MaxTokenBytes, throwOnEndOfStream: false, context.RequestAborted);
        context.Request.Headers[TokenHeader] = Encoding.ASCII.GetString(token, 0, bytes);
        return await antiforgery.IsRequestValidAsync(context);
    }

    private static async Task<UploadRefusal?> FileAsync(HttpContext context, MultipartReader reader, Func<SentFile, Task> take)
    {
        for (var parts = 0; parts < MaxParts && await reader.ReadNextSectionAsync(context.RequestAborted) is { } part; parts++)
        {
            if (part.GetContentDispositionHeader() is not { } disposition || HeaderUtilities.RemoveQuotes(disposition.Name) != FileField) continue;
            var name = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value;
            if (string.IsNullOrEmpty(name)) break;
            await take(new SentFile(name, part.Body, () => OnlyFileAsync(reader, context.RequestAborted)));
            return null;
        }
        return Missing;
    }

    private static async Task OnlyFileAsync(MultipartReader reader, CancellationToken cancellation)
    {
        if (await reader.ReadNextSectionAsync(cancellation) is not null) throw new UserFacingException("Choose one file at a time.");
    }
}

/// <param name="Name">On the sender's computer; its ending is looked at, and it is shown.</param>
/// <param name="Content">Must be read to its end.</param>
/// <param name="EndedAsync">Call it then; it throws where something else came with the file.</param>
public sealed record SentFile(string Name, Stream Content, Func<Task> EndedAsync)
{
    /// <param name="endings">Such as ".csv"; in capitals as well.</param>
    /// <exception cref="UserFacingException">The name ends otherwise, so it is another file than was meant.</exception>
    public void RequireEnding(IEnumerable<string> endings, string otherwise)
    {
        if (!endings.Any(ending => Name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))) throw new UserFacingException(otherwise);
    }
}

public sealed record UploadRefusal(int Status, string Problem);

/// <summary>The rest of the file was not read.</summary>
public sealed class FileTooLargeException(string message) : UserFacingException(message);

/// <summary>A client that sends a byte now and then must not hold a place for ever.</summary>
public sealed record UploadTimeout(TimeSpan Whole)
{
    public static readonly UploadTimeout Default = new(TimeSpan.FromMinutes(15));
}
