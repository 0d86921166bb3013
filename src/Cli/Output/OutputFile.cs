namespace Wharf.Cli.Output;

/// <summary>
/// Writes a file completely or not at all. An existing file keeps its content until the new one is complete. Devices, pipes and empty files have no content
/// to keep and are written in place.
/// </summary>
internal sealed class OutputFile : IAsyncDisposable
{
    private readonly string _path;
    private readonly string _written;
    private readonly bool _isInPlace;
    private bool _isComplete;

    private OutputFile(string path, string written, bool isInPlace, Stream stream) =>
        (_path, _written, _isInPlace, Stream) = (path, written, isInPlace, stream);

    /// <summary>The stream to write to.</summary>
    public Stream Stream { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">The folder does not exist or cannot be written.</exception>
    public static OutputFile Open(string path)
    {
        // Write to the target of a link, not over the link.
        var target = File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } linked ? linked.FullName : Path.GetFullPath(path);
        var existing = new FileInfo(target);
        if (existing.Exists && existing.Length == 0)
            return new(target, target, isInPlace: true, new FileStream(target, FileMode.Open, FileAccess.Write));
        var written = $"{target}.{Environment.ProcessId}.part";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (existing.Exists && !OperatingSystem.IsWindows())
            options.UnixCreateMode = existing.UnixFileMode;
        // Fail on a folder of this name before anything is written.
        return Directory.Exists(target)
            ? throw new IOException($"'{path}' is a folder")
            : new(target, written, isInPlace: false, new FileStream(written, options));
    }

    /// <summary>Replaces the target by the complete file.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await Stream.FlushAsync(cancellationToken);
        await Stream.DisposeAsync();
        if (!_isInPlace)
            File.Move(_written, _path, overwrite: true);
        _isComplete = true;
    }

    /// <summary>Deletes an incomplete file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isComplete)
            return;
        try
        {
            await Stream.DisposeAsync();
        }
        catch (IOException)
        {
            // The rest of the buffer cannot be written either; the first error is reported.
        }

        if (!_isInPlace)
            File.Delete(_written);
        else if (new FileInfo(_path) is { Length: > 0 })
            await File.WriteAllBytesAsync(_path, [], CancellationToken.None);
    }
}
