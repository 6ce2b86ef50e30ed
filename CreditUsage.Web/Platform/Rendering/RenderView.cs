using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Razor;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace CreditUsage.Platform.Rendering;

/// <summary>Renders a Razor view outside a request: for the PDF engine and for verbs. It has all that it shows in its model.</summary>
public sealed class RenderView(IRazorViewEngine views, ITempDataProvider tempData, IModelMetadataProvider metadata, IServiceScopeFactory scopes)
{
    /// <param name="path">From the root of the project. It brings its own layout.</param>
    /// <param name="model">What the view shows.</param>
    /// <param name="writer">Where it goes, as it is made.</param>
    /// <exception cref="InvalidOperationException">There is no such view.</exception>
    public async Task ToAsync<TModel>(string path, TModel model, TextWriter writer)
    {
        var view = views.GetView(executingFilePath: null, path, isMainPage: false);
        view.EnsureSuccessful(originalLocations: null);
        // The buffers of a view belong to its scope until that ends, and a request that has a long month rendered lasts long.
        await using var scope = scopes.CreateAsyncScope();
        var context = new ActionContext(new DefaultHttpContext { RequestServices = scope.ServiceProvider }, new RouteData(), new ActionDescriptor());
        var data = new ViewDataDictionary<TModel>(metadata, new ModelStateDictionary()) { Model = model };
        await view.View!.RenderAsync(new ViewContext(context, view.View, data, new TempDataDictionary(context.HttpContext, tempData), writer, new HtmlHelperOptions()));
    }
}
