"""What can be done with music that exists: continued, joined, covered, remastered, sung to, taken apart.

Songs made here are worked on through their score, exactly; recordings from elsewhere through what can be heard of them.
"""
