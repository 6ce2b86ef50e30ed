using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Domain.Webhooks;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Webhooks;

/// <summary>The endpoints and the log of what was sent to them. Auditors only read.</summary>
[Authorize(Roles.MayAudit), PostsNeed(Roles.MayAdminister)]
public sealed class IndexModel(CreditUsageDb db, ChangeWebhooks change) : PageModel
{
    public const int MostMessages = 100;

    public IReadOnlyList<WebhookEndpoint> Endpoints { get; private set; } = [];

    public IReadOnlyList<WebhookLine> Messages { get; private set; } = [];

    public string? Address { get; private set; }

    public IReadOnlyList<string> Events { get; private set; } = WebhookEvents.All;

    public Problem? Problem { get; private set; }

    /// <summary>Shown once, in the answer to the form that made it.</summary>
    public string? Secret { get; private set; }

    [TempData]
    public string? Done { get; set; }

    public async Task OnGetAsync(CancellationToken cancellation)
    {
        var all = await db.WebhookEndpoints.AsNoTracking().OrderBy(endpoint => endpoint.Id).ToListAsync(cancellation);
        Endpoints = all.FindAll(endpoint => endpoint.EndedAt is null);
        var messages = await db.WebhookMessages.AsNoTracking().OrderByDescending(message => message.At).ThenByDescending(message => message.Id).Take(MostMessages).ToListAsync(cancellation);
        var ids = messages.ConvertAll(message => message.Id);
        var attempts = (await db.WebhookAttempts.AsNoTracking().Where(attempt => ids.Contains(attempt.MessageId)).OrderBy(attempt => attempt.Id).ToListAsync(cancellation)).ToLookup(attempt => attempt.MessageId);
        Messages = messages.ConvertAll(message => new WebhookLine(message, all.Find(endpoint => endpoint.Id == message.EndpointId)!, [.. attempts[message.Id]]));
    }

    public async Task<IActionResult> OnPostAddAsync(string? url, string[] events, CancellationToken cancellation)
    {
        (Address, Events) = (url, events ?? []);
        (Secret, Problem) = await change.AddAsync(url, Events, cancellation);
        if (Problem is not null) Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        else (Address, Events) = (null, WebhookEvents.All);
        await OnGetAsync(cancellation);
        return Page();
    }

    public async Task<IActionResult> OnPostRotateAsync(int id, CancellationToken cancellation)
    {
        if (await change.RotateAsync(id, cancellation) is not { } secret) return NotFound();
        Secret = secret;
        await OnGetAsync(cancellation);
        return Page();
    }

    public async Task<IActionResult> OnPostRemoveAsync(int id, CancellationToken cancellation)
    {
        if (!await change.RemoveAsync(id, cancellation)) return NotFound();
        Done = "Endpoint removed.";
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostAgainAsync(Guid message, CancellationToken cancellation)
    {
        if (!await change.SendAgainAsync(message, cancellation)) return NotFound();
        Done = "It is being sent again.";
        return RedirectToPage();
    }
}

public sealed record WebhookLine(WebhookMessage Message, WebhookEndpoint Endpoint, IReadOnlyList<WebhookAttempt> Attempts)
{
    public string State => Message.State switch
    {
        WebhookState.Delivered => $"Delivered {Display.Moment(Message.EndedAt!.Value)}",
        WebhookState.GivenUp => $"Given up {Display.Moment(Message.EndedAt!.Value)}",
        _ => $"Waiting, next try from {Display.Moment(Message.NextAttemptAt!.Value)} on",
    };
}
