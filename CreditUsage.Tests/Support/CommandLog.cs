using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace CreditUsage.Tests.Support;

/// <summary>Writes down the commands that requests send through the database context, and not what the site does beside them: its job engine asks whenever it likes.</summary>
public sealed class CommandLog : DbCommandInterceptor
{
    /// <summary>What ASP.NET Core calls its activity of a request.</summary>
    private const string Request = "Microsoft.AspNetCore.Hosting.HttpRequestIn";

    private readonly ConcurrentQueue<(string Sql, IReadOnlyList<(string Name, object? Value)> Parameters)> _commands = [];

    public IReadOnlyList<(string Sql, IReadOnlyList<(string Name, object? Value)> Parameters)> Commands => [.. _commands];

    /// <summary>Until it is disposed, what the caller itself asks counts as a request's.</summary>
    public static IDisposable AsRequest() => new Activity(Request).Start();

    public void Clear() => _commands.Clear();

    public void AddTo(IServiceCollection services) => TestDatabase.AddInterceptor(services, this);

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        Add(command);
        return result;
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Add(command);
        return new(result);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Add(command);
        return new(result);
    }

    private void Add(DbCommand command)
    {
        if (!InRequest(Activity.Current)) return;
        _commands.Enqueue((command.CommandText, [.. command.Parameters.Cast<DbParameter>().Select(parameter => (parameter.ParameterName, parameter.Value))]));
    }

    private static bool InRequest(Activity? activity) => activity is not null && (activity.OperationName == Request || InRequest(activity.Parent));
}
