using System.Globalization;

namespace CreditUsage.Data.Sqlite;

/// <summary>A file in the data folder is held open, which no other process can open meanwhile.</summary>
internal sealed class SqliteImportTurns(string folder) : ImportTurns
{
    public override IDisposable? TryEnter(int subscription)
    {
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"import-{subscription}.lock"));
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }
}
