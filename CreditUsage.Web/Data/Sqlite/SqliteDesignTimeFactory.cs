using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace CreditUsage.Data.Sqlite;

/// <summary>How the migrations tool makes a context: the same model as the site's, on no database in particular.</summary>
public sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteCreditUsageDb>
{
    public SqliteCreditUsageDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteCreditUsageDb>().UseSqlite("Data Source=:memory:").Options, new CurrentSubscription());
}
