using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Razor;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace CreditUsage.Platform.Rendering;

/// <summary>Renders a view outside a request. Its model must hold all that it shows.</summary>
public sealed class RenderView(IRazorViewEngine views, ITempDataProvider tempData, IModelMetadataProvider metadata, IServiceScopeFactory scopes)
{
    public async Task ToAsync<TModel>(string path, TModel model, TextWriter writer)
    {
        var view = views.GetView(executingFilePath: null, path, isMainPage: false);
        view.EnsureSuccessful(originalLocations: null);
        // The buffers of a view live as long as its scope, and a request that renders a long month lasts long.
        await using var scope = scopes.CreateAsyncScope();
        var context = new ActionContext(new DefaultHttpContext { RequestServices = scope.ServiceProvider }, new RouteData(), new ActionDescriptor());
        var data = new ViewDataDictionary<TModel>(metadata, new ModelStateDictionary()) { Model = model };
        await view.View!.RenderAsync(new ViewContext(context, view.View, data, new TempDataDictionary(context.HttpContext, tempData), writer, new HtmlHelperOptions()));
    }
}
