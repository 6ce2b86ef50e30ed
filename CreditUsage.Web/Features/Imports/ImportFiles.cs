using System.Text.Json;
using CreditUsage.Platform;
using CreditUsage.Platform.Storage;
using Microsoft.Extensions.Options;

namespace CreditUsage.Features.Imports;

/// <summary>The files of an import in the data folder, named after its id: the upload, its faults and its notes.</summary>
public sealed class ImportFiles(IOptions<CreditUsageOptions> options)
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(2);

    public string PathOf(Guid id) => Named(id, "csv");

    /// <summary>A new file for incoming bytes; nobody else may read it.</summary>
    public FileStream Receive(Guid id)
    {
        PrivateFolder.Create(Root);
        return Write(Named(id, "part"));
    }

    /// <summary>Renames what <see cref="Receive"/> began, once all of it is on the disk.</summary>
    public void Keep(Guid id) => File.Move(Named(id, "part"), PathOf(id));

    /// <exception cref="UserFacingException">The file is missing.</exception>
    public FileStream Open(Guid id) =>
        File.Exists(PathOf(id)) ? File.OpenRead(PathOf(id)) : throw new UserFacingException("The uploaded file is missing. Upload it again.");

    /// <summary>Removes the uploaded bytes; the faults stay, so that the import can be looked at again.</summary>
    public void Discard(Guid id)
    {
        File.Delete(Named(id, "part"));
        File.Delete(Named(id, "faults.part"));
        File.Delete(PathOf(id));
    }

    public string? FaultsOf(Guid id) => File.Exists(Named(id, "faults.csv")) ? Named(id, "faults.csv") : null;

    /// <summary>A new list of faults, which replaces the earlier one at <see cref="KeepFaults"/>.</summary>
    public FileStream WriteFaults(Guid id)
    {
        PrivateFolder.Create(Root);
        return Write(Named(id, "faults.part"));
    }

    public void KeepFaults(Guid id, bool any)
    {
        if (any) File.Move(Named(id, "faults.part"), Named(id, "faults.csv"), overwrite: true);
        else File.Delete(Named(id, "faults.part"));
        if (!any) File.Delete(Named(id, "faults.csv"));
    }

    public IReadOnlyList<string> NotesOf(Guid id) => File.Exists(Named(id, "notes")) ? JsonSerializer.Deserialize<List<string>>(File.ReadAllText(Named(id, "notes")))! : [];

    public void KeepNotes(Guid id, IReadOnlyList<string> notes)
    {
        using (var file = Write(Named(id, "notes.part"))) JsonSerializer.Serialize(file, notes);
        File.Move(Named(id, "notes.part"), Named(id, "notes"), overwrite: true);
    }

    /// <summary>Removes what a killed process left, but not what another running one is writing.</summary>
    public void Sweep()
    {
        if (!Directory.Exists(Root)) return;
        foreach (var file in new DirectoryInfo(Root).EnumerateFiles("*.part").Where(file => DateTime.UtcNow - file.LastWriteTimeUtc > Abandoned)) file.Delete();
    }

    private string Root => Path.Combine(options.Value.DataFolder, "imports");

    private static FileStream Write(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private string Named(Guid id, string kind) => Path.Combine(Root, $"{id:N}.{kind}");
}
