using System.Net;
using System.Text;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CreditUsage.Data;
using CreditUsage.Domain.Usage;
using CreditUsage.Features.Imports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Support;

/// <summary>Files sent through the Imports page as a browser would, and what became of them.</summary>
public static class Uploads
{
    public static Task<HttpResponseMessage> UploadAsync(this Visitor visitor, string text, string fileName = "usage.csv") => visitor.UploadAsync(Encoding.UTF8.GetBytes(text), fileName);

    /// <param name="page">The page with the form, which takes the file in as well.</param>
    /// <param name="asksFirst">Waits for the server's word before it sends the file: one that is refused at once may be cut off while it is sent.</param>
    public static async Task<HttpResponseMessage> UploadAsync(this Visitor visitor, byte[] bytes, string fileName = "usage.csv", string page = "/imports", bool asksFirst = false)
    {
        using var form = new MultipartFormDataContent { { new StringContent(await visitor.TokenAsync(page)), "__RequestVerificationToken" }, { new ByteArrayContent(bytes), "file", fileName } };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(page, UriKind.Relative)) { Content = form };
        if (asksFirst) request.Headers.ExpectContinue = true;
        return await visitor.Http.SendAsync(request);
    }

    public static async Task<string> TokenAsync(this Visitor visitor, string page = "/imports") => (await visitor.PageAsync(page)).QuerySelector<IHtmlInputElement>("#upload-form input[name=__RequestVerificationToken]")!.Value;

    /// <summary>Uploads, and waits until the file has been checked.</summary>
    public static async Task<UsageImport> CheckedAsync(this Visitor visitor, Site site, int clinic, string text, string fileName = "usage.csv")
    {
        using var answer = await visitor.UploadAsync(text, fileName);
        return await site.SettledAsync(clinic, IdOf(answer));
    }

    /// <summary>Chooses Import, and waits until it has ended one way or the other.</summary>
    public static async Task<UsageImport> StoreAsync(this Visitor visitor, Site site, int clinic, Guid id)
    {
        using var answer = await visitor.PostAsync($"/imports/{id}", $"/imports/{id}/store");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return await site.SettledAsync(clinic, id);
    }

    public static Guid IdOf(HttpResponseMessage uploaded)
    {
        ArgumentNullException.ThrowIfNull(uploaded);
        Assert.Equal(HttpStatusCode.SeeOther, uploaded.StatusCode);
        return Guid.Parse(uploaded.Headers.Location!.OriginalString["/imports/".Length..]);
    }

    public static Task<UsageImport> ImportRowAsync(this Site site, int clinic, Guid id) =>
        site.InAsync(clinic, services => services.GetRequiredService<CreditUsageDb>().UsageImports.AsNoTracking().SingleAsync(import => import.Id == id));

    /// <summary>The import, once no job has it any more.</summary>
    public static async Task<UsageImport> SettledAsync(this Site site, int clinic, Guid id)
    {
        UsageImport import = null!;
        await Wait.UntilAsync(async () => !(import = await site.ImportRowAsync(clinic, id)).IsRunning());
        return import;
    }
}
