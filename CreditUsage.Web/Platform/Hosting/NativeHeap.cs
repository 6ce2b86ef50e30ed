using System.Runtime.InteropServices;

namespace CreditUsage.Platform.Hosting;

/// <summary>
/// What the runtime, SQLite and zlib take from the C library, which the garbage collector knows nothing of. Left alone, glibc keeps an arena for
/// each thread and gives little of it back: a tenth of what the site holds after a long month.
/// </summary>
internal static class NativeHeap
{
    // The names and numbers of glibc's malloc.h.
    private const int TrimThreshold = -1;
    private const int ArenaMax = -8;
    private const int KeptBytes = 128 * 1024;

    /// <summary>One arena, whose end is given back when it is free. Where the C library is another, nothing.</summary>
    public static void KeepSmall() => Tell(() => (Set(ArenaMax, 1), Set(TrimThreshold, KeptBytes)));

    /// <summary>Gives back what is free between what is not. Worth its millisecond when much has been let go of.</summary>
    public static void GiveBack() => Tell(() => Trim(0));

    private static void Tell<T>(Func<T> what)
    {
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            _ = what();
        }
        catch (EntryPointNotFoundException)
        {
            // musl has no arenas, and gives back by itself.
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Trim(nint kept);

    [DllImport("libc", EntryPoint = "mallopt"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Set(int parameter, int value);
}
