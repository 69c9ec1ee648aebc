"""Systems of labels of several documents over the same projects."""
