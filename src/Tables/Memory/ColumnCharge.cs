namespace Wharf.Tables;

/// <summary>
/// Charges the memory of a column once, however many stored tables contain it. The session of the first of them pays until no stored table
/// contains the column.
/// </summary>
internal sealed class ColumnCharge
{
    private readonly Lock _gate = new();
    private MemoryCharge? _charge;
    private long _bytes;
    private int _tables;

    /// <summary>Counts a stored table that contains the column.</summary>
    /// <param name="payer">A charge of the session that pays if none does yet.</param>
    /// <param name="bytes">The memory of the column.</param>
    /// <returns>Whether it is the first.</returns>
    public bool AddTable(MemoryCharge payer, long bytes)
    {
        lock (_gate)
        {
            if (_tables++ > 0)
                return false;
            _charge = payer.OpenAnother();
            _charge.Force(_bytes = bytes);
            return true;
        }
    }

    /// <summary>Counts a reader like a stored table, if a stored table contains the column.</summary>
    public bool TryAddReader()
    {
        lock (_gate)
        {
            if (_tables == 0)
                return false;
            _tables++;
            return true;
        }
    }

    /// <summary>Ends the count of a table or reader.</summary>
    /// <returns>Whether it was the last.</returns>
    public bool Remove()
    {
        lock (_gate)
        {
            if (--_tables > 0)
                return false;
            _charge!.Dispose();
            _charge = null;
            return true;
        }
    }

    /// <summary>Opens a charge of the session that pays, or returns null.</summary>
    public MemoryCharge? OpenAnother()
    {
        lock (_gate)
            return _charge?.OpenAnother();
    }

    /// <summary>Changes the memory of the column.</summary>
    /// <returns>Whether a session pays for it.</returns>
    public bool Change(long bytes)
    {
        lock (_gate)
        {
            _charge?.Force(bytes - _bytes);
            _bytes = bytes;
            return _charge is not null;
        }
    }
}
