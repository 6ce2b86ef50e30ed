using CreditUsage.Core;
using CreditUsage.Data;
using CreditUsage.Domain.Deliveries;
using CreditUsage.Domain.Months;
using CreditUsage.Features.Shared;
using CreditUsage.Platform.Mail;
using CreditUsage.Platform.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace CreditUsage.Features.Deliveries;

/// <summary>Everybody sees the deliveries; an Auditor does not change them.</summary>
public sealed class IndexModel(
    DeliveriesQuery query, SetTerms setTerms, ChangeRecipients recipients, SendTest sendTest, TryAgain tryAgain, IAuthorizationService authorization) : PageModel
{
    public DeliveriesView View { get; private set; } = null!;

    public TermsInput Terms { get; private set; } = null!;

    public PersonInput Person { get; private set; } = new(null, null);

    public Problem? Problem { get; private set; }

    public SavedMeanwhile? Meanwhile { get; private set; }

    /// <summary>Of the stored terms, for the form to carry.</summary>
    public string TermsVersion => FormVersion.Of(TermsInput.Of(View.Schedule));

    [TempData]
    public string? Done { get; set; }

    public async Task OnGetAsync(CancellationToken cancellation)
    {
        View = await query.RunAsync(cancellation);
        Terms ??= TermsInput.Of(View.Schedule);
    }

    public Task<IActionResult> OnPostTermsAsync(TermsInput terms, string? version, CancellationToken cancellation) => ChangeAsync(async () =>
    {
        Terms = terms;
        try
        {
            return await AnswerAsync(await setTerms.RunAsync(terms, version, cancellation), "Saved.", cancellation);
        }
        catch (SavedMeanwhileException problem)
        {
            (Problem, Response.StatusCode) = (new Problem("sending-on", problem.Message), StatusCodes.Status409Conflict);
            await OnGetAsync(cancellation);
            Meanwhile = new(View.Schedule?.SetBy, View.Schedule?.SetAt, TermsInput.Of(View.Schedule).ComparedWith(terms));
            return Page();
        }
    });

    public Task<IActionResult> OnPostAddAsync(PersonInput person, CancellationToken cancellation) => ChangeAsync(async () =>
    {
        Person = person;
        return await AnswerAsync(await recipients.AddAsync(person, cancellation), "Recipient added.", cancellation);
    });

    public Task<IActionResult> OnPostRemoveAsync(int id, CancellationToken cancellation) => ChangeAsync(async () =>
        await recipients.RemoveAsync(id, cancellation) ? await AnswerAsync(null, "Recipient removed.", cancellation) : NotFound());

    public Task<IActionResult> OnPostTryAgainAsync(int id, CancellationToken cancellation) => ChangeAsync(async () =>
        await tryAgain.RunAsync(id, cancellation) ? await AnswerAsync(null, "It will be sent again within two minutes.", cancellation) : NotFound());

    /// <param name="id">A recipient; null for the current user.</param>
    public Task<IActionResult> OnPostTestAsync(int? id, CancellationToken cancellation) => ChangeAsync(async () =>
    {
        if (await sendTest.RunAsync(id, cancellation) is not var (email, outcome)) return NotFound();
        var problem = outcome.Taken ? null : new Problem(
            "test", outcome.Known ? $"The test to {email} was not sent. {outcome.Message.TrimEnd('.')}. Correct this and send another test." : $"The test to {email} may or may not arrive. {outcome.Message}");
        return await AnswerAsync(problem, $"Test sent to {email}.", cancellation);
    });

    private async Task<IActionResult> ChangeAsync(Func<Task<IActionResult>> change) =>
        (await authorization.AuthorizeAsync(User, Roles.MayChange)).Succeeded ? await change() : Forbid();

    private async Task<IActionResult> AnswerAsync(Problem? problem, string done, CancellationToken cancellation)
    {
        (Problem, Done) = (problem, problem is null ? done : null);
        if (problem is null) return RedirectToPage();
        Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
        await OnGetAsync(cancellation);
        return Page();
    }
}

public sealed class DeliveriesQuery(CreditUsageDb db, DueMonths dueMonths, SendMail mail, TimeProvider clock)
{
    public const int MaxLines = 100;
    private const int MaxTests = 5;

    public async Task<DeliveriesView> RunAsync(CancellationToken cancellation)
    {
        var schedule = await db.DeliverySchedules.AsNoTracking().SingleOrDefaultAsync(cancellation);
        var due = schedule is { Enabled: true } ? await dueMonths.ListAsync(schedule, cancellation) : [];
        return new(
            schedule,
            await db.DeliveryRecipients.AsNoTracking().OrderBy(person => person.Name).ThenBy(person => person.Id).ToListAsync(cancellation),
            mail.IsSetUp,
            schedule is { Enabled: true } ? Next(schedule, await db.ClosedMonthsAsync(cancellation)) : null,
            due.Select(month => month.Waits).OfType<string>().ToList(),
            await LogAsync(cancellation),
            await db.DeliveryAttempts.AsNoTracking().Where(attempt => attempt.DeliveryId == null).OrderByDescending(attempt => attempt.Id).Take(MaxTests).ToListAsync(cancellation));
    }

    private string Next(DeliverySchedule schedule, ClosedMonths closed)
    {
        var month = schedule.FirstMonth;
        if (schedule.WhenClosed) return $"{Max(month, closed.Latest?.Next ?? month).Name} will be sent as soon as it is closed.";
        while (DueMonths.DueAt(schedule, month) <= clock.GetUtcNow()) month = month.Next;
        return $"{month.Name} will be sent on {Display.Moment(DueMonths.DueAt(schedule, month))}, or later once it is closed.";
    }

    private static UsageMonth Max(UsageMonth one, UsageMonth other) => one > other ? one : other;

    private async Task<List<DeliveryLine>> LogAsync(CancellationToken cancellation)
    {
        var deliveries = await db.Deliveries.AsNoTracking().OrderByDescending(delivery => delivery.Id).Take(MaxLines).ToListAsync(cancellation);
        var ids = deliveries.ConvertAll(delivery => (int?)delivery.Id);
        var tries = (await db.DeliveryAttempts.AsNoTracking().Where(attempt => ids.Contains(attempt.DeliveryId)).OrderBy(attempt => attempt.Id).ToListAsync(cancellation))
            .ToLookup(attempt => attempt.DeliveryId);
        return deliveries.ConvertAll(delivery => new DeliveryLine(delivery, [.. tries[delivery.Id]]));
    }
}

/// <param name="Schedule">Null until somebody has set it.</param>
/// <param name="Next">A sentence about the next delivery; null while deliveries are off.</param>
/// <param name="Waits">Why months that are due are not sent yet, each a sentence.</param>
public sealed record DeliveriesView(
    DeliverySchedule? Schedule, IReadOnlyList<DeliveryRecipient> People, bool MailIsSetUp, string? Next,
    IReadOnlyList<string> Waits, IReadOnlyList<DeliveryLine> Log, IReadOnlyList<DeliveryAttempt> Tests);

public sealed record DeliveryLine(Delivery Delivery, IReadOnlyList<DeliveryAttempt> Tries);

public sealed record DeliveryLog(IReadOnlyList<DeliveryLine> Lines, bool MayTryAgain);
