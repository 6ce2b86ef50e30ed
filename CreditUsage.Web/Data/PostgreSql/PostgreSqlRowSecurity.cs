using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CreditUsage.Data.PostgreSql;

/// <summary>
/// Tells the server, before a statement, whose rows it may see: the policies of the tables compare them with a variable of the connection. A query that
/// forgot its filter sees no other subscription, and without a subscription nothing; <see cref="EverySubscription"/> alone sees all.
/// </summary>
internal sealed class PostgreSqlRowSecurity : DbCommandInterceptor, IDbConnectionInterceptor, IDbTransactionInterceptor
{
    public const string Variable = "creditusage.subscription";

    /// <summary>The variable's value where every subscription's rows are seen.</summary>
    public const string Every = "*";

    /// <summary>What each open connection was told last.</summary>
    private readonly ConditionalWeakTable<DbConnection, string> _told = [];

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        await TellAsync(command, eventData, cancellationToken);
        return result;
    }

    public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        await TellAsync(command, eventData, cancellationToken);
        return result;
    }

    public override async ValueTask<InterceptionResult<object>> ScalarExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default)
    {
        await TellAsync(command, eventData, cancellationToken);
        return result;
    }

    public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        Tell(command, eventData);
        return result;
    }

    public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        Tell(command, eventData);
        return result;
    }

    public override InterceptionResult<object> ScalarExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<object> result)
    {
        Tell(command, eventData);
        return result;
    }

    /// <summary>A connection from the pool has been reset.</summary>
    public void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => _told.Remove(connection);

    public Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        _told.Remove(connection);
        return Task.CompletedTask;
    }

    /// <summary>What was told within it is taken back with it.</summary>
    public void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => Forget(eventData.Context);

    public Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Forget(eventData.Context);
        return Task.CompletedTask;
    }

    public void RolledBackToSavepoint(DbTransaction transaction, TransactionEventData eventData) => Forget(eventData.Context);

    public Task RolledBackToSavepointAsync(DbTransaction transaction, TransactionEventData eventData, CancellationToken cancellationToken = default)
    {
        Forget(eventData.Context);
        return Task.CompletedTask;
    }

    private void Forget(DbContext? context)
    {
        if (context is not null) _told.Remove(context.Database.GetDbConnection());
    }

    private async Task TellAsync(DbCommand command, CommandEventData about, CancellationToken cancellation)
    {
        if (Prepare(command, about) is not { } tell) return;
        await using (tell.Command) await tell.Command.ExecuteNonQueryAsync(cancellation);
        _told.AddOrUpdate(command.Connection!, tell.Whose);
    }

    private void Tell(DbCommand command, CommandEventData about)
    {
        if (Prepare(command, about) is not { } tell) return;
        using (tell.Command) tell.Command.ExecuteNonQuery();
        _told.AddOrUpdate(command.Connection!, tell.Whose);
    }

    /// <summary>Null where the connection has been told already.</summary>
    private (DbCommand Command, string Whose)? Prepare(DbCommand command, CommandEventData about)
    {
        if (about.Context is not CreditUsageDb db) return null;
        var whose = db.WritesToEverySubscription || command.CommandText.StartsWith($"-- {EverySubscription.Tag}", StringComparison.Ordinal) ? Every : db.SubscriptionId?.ToString(CultureInfo.InvariantCulture) ?? "";
        if (_told.TryGetValue(command.Connection!, out var told) && told == whose) return null;
        var tell = command.Connection!.CreateCommand();
        tell.Transaction = command.Transaction;
        // A number, a star or nothing.
        tell.CommandText = $"SELECT set_config('{Variable}', '{whose}', false)";
        return (tell, whose);
    }
}
